/** What a lasting connection is: a WebSocket, or an answer of server-sent events. */
export const SESSION_TRANSPORTS = ['WEBSOCKET', 'SSE'] as const;
export type SessionTransport = (typeof SESSION_TRANSPORTS)[number];
