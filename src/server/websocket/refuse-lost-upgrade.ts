import type { IncomingMessage, ServerResponse } from 'node:http';
import { requestContext } from '../request-context.ts';

/** Whether it was to become a WebSocket, and lost the headers on its way that ask for that: nginx passes none on unless told to. */
export function hasLostUpgrade({ headers }: IncomingMessage): boolean {
  return headers['sec-websocket-key'] !== undefined;
}

/** Answers what has lost its upgrade, so that whoever looks for the reason finds it. */
export function refuseLostUpgrade(response: ServerResponse): void {
  const message = 'expected the headers Upgrade and Connection of a WebSocket, got one without: the proxy in between must pass them on';
  const extensions = { code: 'UPGRADE_REQUIRED', requestId: requestContext.getStore()?.requestId };
  response.writeHead(426, { 'content-type': 'application/json; charset=utf-8', upgrade: 'websocket', connection: 'upgrade, close' });
  response.end(JSON.stringify({ errors: [{ message, extensions }] }));
}
