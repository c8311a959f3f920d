import { type Backoff, backoffDelay } from './backoff-delay.ts';
import type { ClientEvents, Gap } from './client-events.ts';
import type { ClientTimers } from './client-timers.ts';
import { endsConnection } from './ends-connection.ts';
import { NotResumableError } from './errors/not-resumable-error.ts';
import { OperationError } from './errors/operation-error.ts';
import type { EventEmitter } from './event-emitter.ts';
import type { GraphQLErrorShape, GraphQLResult } from './graphql-result.ts';
import { isPassingError } from './is-passing-error.ts';
import { createItemQueue } from './item-queue.ts';
import type { LiveItem } from './live-item.ts';
import type { LiveSubscription } from './live-subscription.ts';
import type { OperationPayload, Session } from './open-session.ts';
import type { ActiveOperation, OperationSet } from './operation-set.ts';
import { streamPlace } from './stream-place.ts';

export interface FollowOptions {
  readonly operations: OperationSet;
  readonly ensureConnection: () => void;
  readonly session: () => Session | null;
  /** The server has sent an item, whatever it holds. */
  readonly onItem: () => void;
  readonly payload: OperationPayload;
  /** Whether it goes on after its last cursor when it is begun again. */
  readonly isResumed: boolean;
  /** Most items that wait for the reader. */
  readonly buffer: number;
  readonly backoff: Backoff;
  /** Failures in a row after which it fails for good; Infinity: never. */
  readonly maximumAttempts: number;
  readonly random: () => number;
  readonly timers: ClientTimers;
  readonly events: EventEmitter<ClientEvents>;
  readonly signal: AbortSignal | undefined;
}

/** Strikewire's subscriptions have no end of their own: a server that completes one is about to stop. */
const COMPLETED: readonly GraphQLErrorShape[] = [{ message: 'the server has completed the subscription' }];

/**
 * A subscription that is begun again, where it was, over each new connection and after each passing trouble, until its reader has enough.
 * @throws QueueFullError
 */
export function followSubscription(options: FollowOptions): LiveSubscription<unknown> {
  const { operations, session, payload, isResumed, buffer, backoff, maximumAttempts, random, timers, events, signal } = options;
  const { query } = payload;
  const { after } = payload.variables;
  const queue = createItemQueue<LiveItem<unknown>>();
  /** Behind the newest item that has arrived: where to go on from. */
  let arrived = typeof after === 'string' ? after : null;
  /** Behind the item that was taken last. */
  let taken = arrived;
  /** Set while the server has the subscription. */
  let takeBack: (() => void) | null = null;
  let hasBegun = false;
  /** The reader is too slow: nothing is asked for until it has caught up. */
  let isPaused = false;
  /** What is missing before the next item that arrives. */
  let gap: Gap | null = null;
  /** Items were dropped before the next one that is taken. */
  let hasDropped = false;
  /** In a row, without getting any further. */
  let failures = 0;
  let retryTimer: unknown;

  const operation: ActiveOperation = {
    begin(current) {
      if (isPaused || takeBack) return;
      timers.clearTimeout(retryTimer);
      if (hasBegun && !isResumed && arrived !== null) tellGap({ missed: null, missedSince: arrived });
      hasBegun = true;
      const variables = isResumed && arrived !== null ? { ...payload.variables, after: arrived } : payload.variables;
      takeBack = current.subscribe({ query, variables }, { next: onResult, refused: retryOrFail, complete: () => retry(COMPLETED) });
    },
    interrupt() {
      takeBack = null;
      timers.clearTimeout(retryTimer);
    },
    fail,
    close() {
      finish();
      queue.end();
    },
  };

  function onResult({ data, errors }: GraphQLResult): void {
    options.onItem();
    if (!data) {
      // To go on to the next item would leave out what this one should have held.
      retryOrFail(errors ?? []);
      return;
    }
    const { cursor, missed, missedSince } = streamPlace(data);
    if (isResumed && cursor === null) {
      fail(new NotResumableError('expected the field `cursor` in each item of a subscription that is resumed, got none'));
      return;
    }
    if (!isResumed || cursor !== arrived) failures = 0;
    if (missed > 0) tellGap({ missed, missedSince });
    arrived = cursor;
    queue.push({ data, errors: errors ?? null, cursor, gap });
    gap = null;
    boundQueue();
  }

  function boundQueue(): void {
    if (isResumed && queue.size() >= buffer) {
      // A WebSocket cannot be read more slowly. What comes from now on is asked for again, after the last item that was kept.
      isPaused = true;
      leaveServer();
    } else if (queue.size() > buffer) {
      queue.dropOldest();
      if (!hasDropped) events.emit('gap', { operation: query, missed: null, missedSince: taken });
      hasDropped = true;
    }
  }

  async function take(): Promise<IteratorResult<LiveItem<unknown>, undefined>> {
    const result = await queue.next();
    if (result.done) return result;
    const item = hasDropped ? { ...result.value, gap: { missed: null, missedSince: taken } } : result.value;
    hasDropped = false;
    taken = item.cursor ?? taken;
    if (isPaused && queue.size() <= buffer / 2) {
      isPaused = false;
      const current = session();
      if (current) operation.begin(current);
    }
    return { done: false, value: item };
  }

  function tellGap({ missed, missedSince }: Gap): void {
    gap = gap ? { missed: null, missedSince: gap.missedSince } : { missed, missedSince };
    events.emit('gap', { operation: query, missed, missedSince });
  }

  function retryOrFail(errors: readonly GraphQLErrorShape[]): void {
    if (endsConnection(errors)) {
      // Begun again over the next connection.
      takeBack = null;
    } else if (isPassingError(errors)) retry(errors);
    else fail(new OperationError(errors));
  }

  function retry(errors: readonly GraphQLErrorShape[]): void {
    leaveServer();
    if (failures + 1 >= maximumAttempts) {
      fail(new OperationError(errors));
      return;
    }
    const delayMs = backoffDelay(failures, backoff, random);
    failures++;
    retryTimer = timers.setTimeout(() => {
      const current = session();
      if (current) operation.begin(current);
    }, delayMs);
    events.emit('resubscribing', { operation: query, attempt: failures, delayMs, errors });
  }

  function leaveServer(): void {
    timers.clearTimeout(retryTimer);
    takeBack?.();
    takeBack = null;
  }

  function finish(): void {
    leaveServer();
    isPaused = true;
    operations.delete(operation);
    signal?.removeEventListener('abort', stop);
  }

  function fail(error: Error): void {
    finish();
    queue.fail(error);
  }

  function stop(): void {
    finish();
    queue.clear();
    queue.end();
  }

  if (signal?.aborted) queue.end();
  else {
    operations.add(operation);
    signal?.addEventListener('abort', stop);
    options.ensureConnection();
  }
  return {
    get cursor() {
      return taken;
    },
    next: take,
    return() {
      stop();
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
