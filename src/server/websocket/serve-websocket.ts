import type { IncomingMessage } from 'node:http';
import { CloseCode, type Message, MessageType, parseMessage, type Server } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Viewer } from '../../domain/access/viewer.ts';
import { requestContext } from '../request-context.ts';
import { createOperationOrder } from './operation-order.ts';
import { createSocketOutlet, type SocketOutlet } from './socket-outlet.ts';

export interface WebSocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** For messages that go past the protocol. */
  readonly outlet: SocketOutlet;
  /** Who it is; known once the connection is acknowledged. */
  viewer?: Viewer;
}

export interface ServeWebSocketDeps {
  readonly protocol: Server<WebSocketExtra>;
  readonly log: Logger;
  readonly newId: () => string;
}

/** Carries the protocol's messages over one socket until it closes. Each message has a request id of its own. */
export function serveWebSocket({ protocol, log, newId }: ServeWebSocketDeps, socket: WebSocket, request: IncomingMessage): void {
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
        // Takes messages that are parsed already, though its type says texts only.
        const take = createOperationOrder(handle as unknown as (message: Message) => Promise<void>);
        socket.on('message', (data) => {
          // What was sent behind the message that closes the connection.
          if (socket.readyState !== socket.OPEN) return;
          const message = readMessage(String(data));
          if (!message) {
            socket.close(CloseCode.BadRequest, 'Invalid message received');
            return;
          }
          const requestId = newId();
          requestContext.run({ requestId, messageBytes: (data as Buffer).length }, () => {
            take(message).catch((error: unknown) => {
              log.error({ err: error, requestId }, 'a WebSocket message could not be handled');
              socket.close(CloseCode.InternalServerError, 'Internal server error');
            });
          });
        });
      },
    },
    { socket, request, outlet: createSocketOutlet(socket, request.socket) },
  );

  socket.once('close', (code, reason) => {
    closed(code, String(reason)).catch((error: unknown) => log.error({ err: error }, 'a subscription could not be ended'));
  });
}

/** Null when it is no message, or one that only servers send. */
function readMessage(text: string): Message | null {
  try {
    const message = parseMessage(text);
    return message.type === MessageType.ConnectionAck || message.type === MessageType.Next || message.type === MessageType.Error
      ? null
      : message;
  } catch {
    return null;
  }
}
