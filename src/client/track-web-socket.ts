/** What is used of a WebSocket besides what graphql-ws uses. */
interface WebSocketLike {
  readonly readyState: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** Of the package `ws`: cuts the connection without waiting for the other side. */
  terminate?(): void;
}

export interface TrackedWebSocket {
  /** The given class; the first instance is the one that is tracked. */
  readonly implementation: unknown;
  send(text: string): void;
  close(): void;
  /** As abrupt as the implementation can. */
  terminate(): void;
}

const OPEN = 1;
const CLOSED = 3;
const NORMAL_CLOSURE = 1000;
/** What graphql-ws closes a connection with that has frozen. */
const TERMINATED = 4499;

/**
 * graphql-ws shows its socket only when it is open, and leaves the error of a constructor that throws (a page on https that asks for ws) unhandled.
 * This gives hold of the socket from the beginning on, and tells of such an error.
 */
export function trackWebSocket(webSocketImpl: unknown, onRefused: (reason: string) => void): TrackedWebSocket {
  let socket: WebSocketLike | null = null;
  const implementation = new Proxy(webSocketImpl as new () => WebSocketLike, {
    construct(target, parameters, newTarget) {
      try {
        socket = Reflect.construct(target, parameters, newTarget) as WebSocketLike;
        return socket;
      } catch (error) {
        queueMicrotask(() => onRefused(String((error as Error | null)?.message ?? error)));
        return { readyState: CLOSED, send() {}, close() {} };
      }
    },
  });
  return {
    implementation,
    send: (text) => {
      if (socket?.readyState === OPEN) socket.send(text);
    },
    close: () => socket?.close(NORMAL_CLOSURE, 'Normal Closure'),
    terminate: () => {
      if (socket?.terminate) socket.terminate();
      else socket?.close(TERMINATED, 'Terminated');
    },
  };
}
