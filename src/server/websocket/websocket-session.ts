import type { GraphQLFormattedError } from 'graphql';
import { CloseCode, type Context, MessageType } from 'graphql-ws';
import { AuthenticationError } from '../../domain/access/authentication-error.ts';
import type { DomainError } from '../../domain/errors/domain-error.ts';
import type { SessionPort, SessionUsage } from '../../services/access/session.ts';
import type { Backlog } from '../../services/subscriptions/backlog.ts';
import type { WebSocketExtra } from './serve-websocket.ts';

/** What a running subscription says of itself. */
export interface ObservedSubscription {
  readonly backlog: Pick<Backlog<unknown, unknown>, 'rows' | 'bytes' | 'missed'>;
}

/** RFC 6455: at most 123 bytes; messages are ASCII but for what an administrator wrote. */
const LONGEST_REASON_BYTES = 120;

/** What a session can do to its WebSocket. A class: there is one for each connection. */
export class WebSocketSession implements SessionPort {
  readonly #context: Context<Record<string, unknown>, WebSocketExtra>;
  readonly #format: (error: unknown) => GraphQLFormattedError;

  /** @param format as errors leave the server */
  constructor(context: Context<Record<string, unknown>, WebSocketExtra>, format: (error: unknown) => GraphQLFormattedError) {
    this.#context = context;
    this.#format = format;
  }

  usage(): SessionUsage {
    const { subscriptions, extra } = this.#context;
    const usage = { backlogRows: 0, backlogBytes: extra.connection.writableLength, missed: 0, sentBytes: extra.connection.bytesWritten };
    for (const subscription of Object.values(subscriptions)) {
      const { backlog } = (subscription ?? {}) as Partial<ObservedSubscription>;
      if (!backlog) continue;
      usage.backlogRows += backlog.rows();
      usage.backlogBytes += backlog.bytes();
      usage.missed += backlog.missed();
    }
    return usage;
  }

  /** Clients that know nothing of it answer it like any other ping. */
  warn(expiresAtMs: number): void {
    const { socket } = this.#context.extra;
    if (socket.readyState !== socket.OPEN) return;
    const payload = { type: 'SESSION_EXPIRING', expiresAt: new Date(expiresAtMs).toISOString() };
    socket.send(JSON.stringify({ type: MessageType.Ping, payload }));
  }

  end(error: DomainError): void {
    const { subscriptions, extra } = this.#context;
    const { socket } = extra;
    // Written here and not by the operations themselves: these may be waiting for a client that does not read, and nothing can be sent behind the closing frame.
    if (socket.readyState === socket.OPEN) {
      const payload = [this.#format(error)];
      for (const id of Object.keys(subscriptions)) socket.send(JSON.stringify({ id, type: MessageType.Error, payload }));
    }
    const code = closeCodeOf(error);
    const reason = closeReason(error.message);
    socket.close(code, reason);
    // The client may take its time to answer; what it was allowed ends now.
    extra.onClosed(code, reason);
  }
}

/** After 4403 graphql-ws clients connect again, with what their `connectionParams` give them then; after 4401 they do not: a revoked credential is of no more use. */
function closeCodeOf(error: DomainError): number {
  return error instanceof AuthenticationError && error.failure === 'REVOKED' ? CloseCode.Unauthorized : CloseCode.Forbidden;
}

/** Cut to what fits, at a whole character. */
export function closeReason(message: string): string {
  const bytes = Buffer.from(message);
  if (bytes.length <= LONGEST_REASON_BYTES) return message;
  let end = LONGEST_REASON_BYTES;
  // The bytes behind the first of a character begin with the bits 10.
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
