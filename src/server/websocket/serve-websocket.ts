import type { IncomingMessage } from 'node:http';
import { CloseCode, type Server } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { requestContext } from './request-context.ts';

/** A ping this often finds dead connections and keeps idle ones open through proxies, which commonly cut after 60 s. */
const KEEP_ALIVE_MS = 15_000;

export interface WebSocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

export interface ServeWebSocketDeps {
  readonly protocol: Server<WebSocketExtra>;
  readonly log: Logger;
  readonly newId: () => string;
}

/** Carries the protocol's messages over one socket until it closes. Each message has a request id of its own. */
export function serveWebSocket({ protocol, log, newId }: ServeWebSocketDeps, socket: WebSocket, request: IncomingMessage): void {
  let answered = true;
  const keepAlive = setInterval(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, KEEP_ALIVE_MS);
  socket.on('pong', () => {
    answered = true;
  });
  // The socket closes itself with the fitting code (message too big, bad frame); nobody listening would end the process.
  socket.on('error', (error) => log.debug({ err: error }, 'a WebSocket failed'));

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      // Resolves when the message has left, so that a client that does not read holds up its own subscription only. What could not be sent is followed by 'close'.
      send: (message) =>
        new Promise((resolve) => {
          if (socket.readyState === socket.OPEN) socket.send(message, () => resolve());
          else resolve();
        }),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) => {
        socket.on('message', (message) => {
          const requestId = newId();
          requestContext.run({ requestId }, () => {
            handle(String(message)).catch((error: unknown) => {
              log.error({ err: error, requestId }, 'a WebSocket message could not be handled');
              socket.close(CloseCode.InternalServerError, 'Internal server error');
            });
          });
        });
      },
    },
    { socket, request },
  );

  socket.once('close', (code, reason) => {
    clearInterval(keepAlive);
    closed(code, String(reason)).catch((error: unknown) => log.error({ err: error }, 'a subscription could not be ended'));
  });
}
