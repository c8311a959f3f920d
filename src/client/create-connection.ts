import { type Backoff, backoffDelay } from './backoff-delay.ts';
import type { ClientEvents } from './client-events.ts';
import type { ClientTimers } from './client-timers.ts';
import { ConnectionGivenUpError } from './errors/connection-given-up-error.ts';
import { ConnectionRefusedError } from './errors/connection-refused-error.ts';
import { InvalidClientOptionError } from './errors/invalid-client-option-error.ts';
import type { EventEmitter } from './event-emitter.ts';
import { openSession, type Session, type SessionEnd } from './open-session.ts';
import { webSocketUrl } from './web-socket-url.ts';

export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'waiting' | 'closed';

type Params = Record<string, unknown>;

export interface ConnectionOptions {
  readonly url: string | (() => string | Promise<string>);
  readonly connectionParams: Params | (() => Params | undefined | Promise<Params | undefined>) | undefined;
  readonly webSocketImpl: unknown;
  readonly backoff: Backoff;
  /** Attempts in a row after which it gives up; Infinity: never. */
  readonly maximumAttempts: number;
  readonly connectTimeoutMs: number;
  readonly keepAliveMs: number;
  readonly random: () => number;
  readonly timers: ClientTimers;
  readonly events: EventEmitter<ClientEvents>;
  /** Whether there is anything to be connected for. */
  readonly isNeeded: () => boolean;
  readonly onConnected: (session: Session) => void;
  readonly onLost: (reason: string) => void;
  /** It does not connect again by itself. */
  readonly onGivenUp: (error: Error) => void;
}

/** A connection that comes back as long as it is needed. */
export interface Connection {
  state(): ConnectionState;
  /** Null unless connected. */
  session(): Session | null;
  /** Connects unless that is under way. */
  ensure(): void;
  /** The connection has been of use: the next pause is a short one again. */
  isOfUse(): void;
  /** For good. */
  close(): void;
}

export function createConnection(options: ConnectionOptions): Connection {
  const { backoff, maximumAttempts, random, timers, events, isNeeded, onConnected, onLost, onGivenUp } = options;
  let state: ConnectionState = 'idle';
  let session: Session | null = null;
  /** Attempts since a connection was of use. */
  let attempt = 0;
  let timer: unknown;

  async function connect(): Promise<void> {
    state = 'connecting';
    events.emit('connecting', { attempt });
    try {
      const url = webSocketUrl(await resolveOption(options.url));
      const connectionParams = await resolveOption(options.connectionParams);
      if (isClosed()) return;
      open(url, connectionParams);
    } catch (error) {
      const isFatal = error instanceof InvalidClientOptionError;
      lose({ code: null, reason: String((error as Error | null)?.message ?? error), isFatal }, isFatal ? error : undefined);
    }
  }

  function open(url: string, connectionParams: Params | undefined): void {
    const { webSocketImpl, connectTimeoutMs, keepAliveMs, connectionParams: given } = options;
    const opening = openSession({
      url,
      connectionParams,
      webSocketImpl,
      timers,
      connectTimeoutMs,
      keepAliveMs,
      renewal: typeof given === 'function' ? { connectionParams: given, backoff, random, timers, events } : null,
      onConnected() {
        state = 'connected';
        events.emit('connected', { attempt });
        // A listener may have closed the client.
        if (!isClosed()) onConnected(opening);
      },
      onEnd: lose,
    });
    session = opening;
  }

  function lose({ code, reason, isFatal }: Omit<SessionEnd, 'code'> & { code: number | null }, error?: Error): void {
    if (isClosed()) return;
    const wasConnected = state === 'connected';
    // Listeners may begin operations: these wait like the others.
    state = 'waiting';
    session = null;
    events.emit('disconnected', { code, reason, wasConnected });
    if (isClosed()) return;
    if (isFatal) {
      giveUp(error ?? new ConnectionRefusedError(code!, reason));
      return;
    }
    const why = reason || `closed with ${code}`;
    onLost(why);
    if (!isNeeded()) state = 'idle';
    else if (attempt + 1 >= maximumAttempts) giveUp(new ConnectionGivenUpError(attempt + 1, why));
    else waitAndConnect(why);
  }

  function waitAndConnect(reason: string): void {
    const delayMs = backoffDelay(attempt, backoff, random);
    attempt++;
    timer = timers.setTimeout(() => {
      if (isNeeded()) void connect();
      else state = 'idle';
    }, delayMs);
    events.emit('reconnecting', { attempt, delayMs, reason });
  }

  function giveUp(error: Error): void {
    attempt = 0;
    state = 'idle';
    onGivenUp(error);
  }

  // A function, because the compiler does not see that state changes behind calls.
  const isClosed = () => state === 'closed';

  return {
    state: () => state,
    session: () => (state === 'connected' ? session : null),
    ensure() {
      if (state === 'idle') void connect();
    },
    isOfUse() {
      attempt = 0;
    },
    close() {
      state = 'closed';
      timers.clearTimeout(timer);
      session?.close();
      session = null;
    },
  };
}

async function resolveOption<Value extends string | Params | undefined>(given: Value | (() => Value | Promise<Value>)): Promise<Value> {
  return typeof given === 'function' ? given() : given;
}
