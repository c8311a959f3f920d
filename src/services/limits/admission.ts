import type { Viewer } from '../../domain/access/viewer.ts';
import { LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';
import { createAllotment } from './allotment.ts';
import type { RateLeft, RateLimiter } from './rate-limiter.ts';
import type { LimitsOf } from './viewer-limits.ts';

/** Lets viewers begin what their limits have room for. Viewers of one subject share its room, with whatever token or key they come. */
export interface Admission {
  /**
   * Counts operations against the rate.
   *
   * @throws LimitExceededError (operationsPerSecond)
   */
  admit(viewer: Viewer, operations?: number): Promise<void>;
  /** A query or mutation runs until the answer is called. @throws LimitExceededError (concurrentOperations) */
  runOperation(viewer: Viewer): () => void;
  /**
   * A subscription goes on until the answer is called.
   *
   * @param socket what carries it among others; null: it is alone on its connection
   * @throws LimitExceededError (subscriptionsPerSocket, subscriptions)
   */
  subscribe(viewer: Viewer, socket: object | null): () => void;
  /** A WebSocket or event stream is open until the answer is called. @throws LimitExceededError (maximumSockets, sockets) */
  openSocket(viewer: Viewer): () => void;
  /** What is left of the rate. */
  left(viewer: Viewer): Promise<RateLeft>;
}

export interface AdmissionDeps {
  readonly limitsOf: LimitsOf;
  readonly rateLimiter: RateLimiter;
  /** Of all viewers together. */
  readonly maximumSockets: number;
}

/** Operations take milliseconds: whoever comes back a second later finds room, if others do not. */
const RETRY_OPERATION_MS = 1_000;
const EVERYBODY = 'everybody';

export function createAdmission({ limitsOf, rateLimiter, maximumSockets }: AdmissionDeps): Admission {
  const operations = createAllotment<string>('operations at the same time', {
    limit: 'concurrentOperations',
    retryAfterMs: RETRY_OPERATION_MS,
  });
  const subscriptions = createAllotment<string>('subscriptions', { limit: 'subscriptions' });
  const onSocket = createAllotment<object>('subscriptions over one connection', { limit: 'subscriptionsPerSocket' });
  const sockets = createAllotment<string>('sockets', { limit: 'sockets' });
  const allSockets = createAllotment<string>('sockets of all viewers', { limit: 'maximumSockets' });

  return {
    async admit(viewer, count = 1) {
      const rate = limitsOf(viewer);
      const outcome = await rateLimiter.consume(viewer.subject, rate, count);
      if (outcome.isAdmitted) return;
      const seconds = Number((rate.burst / rate.operationsPerSecond).toFixed(3));
      throw new LimitExceededError(`operations in ${seconds} s`, rate.burst, outcome.consumed, {
        limit: 'operationsPerSecond',
        retryAfterMs: outcome.retryAfterMs,
      });
    },
    runOperation: (viewer) => operations.take(viewer.subject, limitsOf(viewer).concurrentOperations),
    subscribe(viewer, socket) {
      const limits = limitsOf(viewer);
      const leaveSocket = socket ? onSocket.take(socket, limits.subscriptionsPerSocket) : () => {};
      return both(leaveSocket, () => subscriptions.take(viewer.subject, limits.subscriptions));
    },
    openSocket(viewer) {
      const leave = allSockets.take(EVERYBODY, maximumSockets);
      return both(leave, () => sockets.take(viewer.subject, limitsOf(viewer).sockets));
    },
    left: (viewer) => rateLimiter.left(viewer.subject, limitsOf(viewer)),
  };
}

/** Takes a second thing; without it the first is given back. */
function both(giveBackFirst: () => void, takeSecond: () => () => void): () => void {
  try {
    const giveBackSecond = takeSecond();
    return () => {
      giveBackFirst();
      giveBackSecond();
    };
  } catch (error) {
    giveBackFirst();
    throw error;
  }
}
