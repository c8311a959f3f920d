import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { CloseCode, type Message, MessageType, parseMessage, type Server } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Session } from '../../services/access/session.ts';
import { requestContext } from '../request-context.ts';
import { createOperationOrder } from './operation-order.ts';
import { RunningQueries } from './running-queries.ts';
import { createSocketOutlet, type SocketOutlet } from './socket-outlet.ts';

export interface WebSocketExtra {
  readonly socket: WebSocket;
  readonly connection: Socket;
  /** For messages that go past the protocol. */
  readonly outlet: SocketOutlet;
  /** What is cancelled when its client does not want it any more. */
  readonly queries: RunningQueries;
  /** Null once it is known who it is. */
  request: IncomingMessage | null;
  /** When the client must have begun, monotonic milliseconds. */
  handshakeUntilMs: number;
  /** Set when the connection is acknowledged. */
  session: Session | null;
  /** Ends what runs on the connection. Any number of times. */
  onClosed(code: number, reason: string): void;
}

export interface ServeWebSocketDeps {
  readonly protocol: Server<WebSocketExtra>;
  readonly log: Logger;
  readonly newId: () => string;
  /** What a `pong` carries in answer to the payload of a `ping`. */
  readonly answerPing: (session: Session | null, payload: unknown) => unknown;
}

/** Carries the protocol's messages over one socket until it closes. Each message has a request id of its own. */
export function serveWebSocket(
  { protocol, log, newId, answerPing }: ServeWebSocketDeps,
  socket: WebSocket,
  request: IncomingMessage,
): WebSocketExtra {
  // The socket closes itself with the fitting code (message too big, bad frame); nobody listening would end the process.
  socket.on('error', (error) => log.debug({ err: error }, 'a WebSocket failed'));

  let isClosed = false;
  const extra: WebSocketExtra = {
    socket,
    connection: request.socket,
    outlet: createSocketOutlet(socket, request.socket),
    queries: new RunningQueries(),
    request,
    handshakeUntilMs: 0,
    session: null,
    onClosed(code, reason) {
      if (isClosed) return;
      isClosed = true;
      extra.session?.close();
      extra.queries.cancelAll();
      closed(code, reason).catch((error: unknown) => log.error({ err: error }, 'a subscription could not be ended'));
    },
  };
  // Resolves when the message has left, so that a client that does not read holds up its own subscription only. What could not be sent is followed by 'close'.
  const send = (message: string) =>
    new Promise<void>((resolve) => {
      if (socket.readyState === socket.OPEN) socket.send(message, () => resolve());
      else resolve();
    });

  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send,
      close: (code, reason) => socket.close(code, reason),
      onPing: async (payload) => {
        const answer = await answerPing(extra.session, payload);
        await send(JSON.stringify({ type: MessageType.Pong, ...(answer === undefined ? {} : { payload: answer }) }));
      },
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
          if (message.type === MessageType.Complete) extra.queries.cancel(message.id);
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
    extra,
  );

  socket.on('close', (code, reason) => extra.onClosed(code, String(reason)));
  return extra;
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
