import { type Backoff, backoffDelay } from './backoff-delay.ts';
import type { ClientEvents } from './client-events.ts';
import type { ClientTimers } from './client-timers.ts';
import type { EventEmitter } from './event-emitter.ts';

type Params = Record<string, unknown>;

export interface SessionRenewalOptions {
  /** What the server is told at the beginning of each connection, made anew. */
  readonly connectionParams: () => Params | undefined | Promise<Params | undefined>;
  readonly backoff: Backoff;
  readonly random: () => number;
  readonly timers: ClientTimers;
  readonly events: EventEmitter<ClientEvents>;
}

/** Keeps one connection alive beyond the token it was opened with. */
export interface SessionRenewal {
  /** Payload of a ping or a pong of the server. */
  onMessage(payload: unknown): void;
  stop(): void;
}

interface Told {
  readonly type?: unknown;
  readonly expiresAt?: unknown;
  readonly error?: { readonly message?: unknown; readonly extensions?: { readonly code?: unknown } };
}

/**
 * When the server warns that the token expires, asks for another one and shows it over the same connection, so that nothing that runs on it is touched. It goes with a
 * ping, which is no operation: it needs no leave where only known operations are taken, and counts against no rate.
 */
export function createSessionRenewal(options: SessionRenewalOptions, send: (text: string) => void): SessionRenewal {
  const { connectionParams, backoff, random, timers, events } = options;
  let failures = 0;
  let isStopped = false;
  let timer: unknown;

  async function renew(): Promise<void> {
    timers.clearTimeout(timer);
    try {
      const params = await connectionParams();
      const authorization = params?.authorization ?? params?.Authorization;
      if (isStopped) return;
      if (typeof authorization === 'string') send(JSON.stringify({ type: 'ping', payload: { authorization } }));
      else fail('expected `authorization` in what `connectionParams` gives, got none', true);
    } catch (error) {
      fail(String((error as Error | null)?.message ?? error), true);
    }
  }

  function fail(reason: string, mayHelp: boolean): void {
    if (isStopped) return;
    const delayMs = mayHelp ? backoffDelay(failures, backoff, random) : null;
    failures++;
    if (delayMs !== null) timer = timers.setTimeout(() => void renew(), delayMs);
    events.emit('renewalFailed', { reason, delayMs });
  }

  return {
    onMessage(payload) {
      if (isStopped || typeof payload !== 'object' || payload === null) return;
      const { type, expiresAt, error } = payload as Told;
      if (type === 'SESSION_EXPIRING') void renew();
      else if (type === 'SESSION_RENEWED') {
        failures = 0;
        events.emit('renewed', { expiresAt: typeof expiresAt === 'string' ? expiresAt : null });
      } else if (type === 'SESSION_NOT_RENEWED') {
        // A token for somebody else, or for other roles, needs a connection of its own: that comes when this one ends.
        fail(String(error?.message ?? 'no reason was given'), error?.extensions?.code !== 'SESSION_MISMATCH');
      }
    },
    stop() {
      isStopped = true;
      timers.clearTimeout(timer);
    },
  };
}
