import { GraphQLError } from 'graphql';

/** Most numbers in an item of a replay. */
const PAGE = 10;

/** The rows of a durable stream: the numbers from 1. Its items are as those of Strikewire's subscriptions, its cursors the numbers themselves. */
export interface NumberStream {
  newest(): number;
  /** That many more, each an item of its own. */
  add(count: number): void;
  /** Numbers up to this one can no longer be replayed. */
  forgetUntil(number: number): void;
  /** Subscriptions that go on. */
  followers(): number;
  completeAll(): void;
  /** @throws GraphQLError for a cursor of the future */
  follow(after: string | null, snapshot: number): AsyncIterableIterator<NumberBatch>;
  /** The newest number now and at every change. */
  followNewest(): AsyncIterableIterator<number>;
}

export interface NumberBatch {
  readonly phase: 'SNAPSHOT' | 'REPLAY' | 'LIVE';
  readonly cursor: string;
  readonly missed: number;
  readonly missedSince: string | null;
  readonly numbers: readonly number[];
}

export function createNumberStream(): NumberStream {
  let newest = 0;
  let forgotten = 0;
  const wakers = new Set<() => void>();
  const active = new Set<AsyncIterableIterator<unknown>>();

  function wake(): void {
    // Those who wait again while these are woken are for the next time.
    const woken = [...wakers];
    wakers.clear();
    for (const waker of woken) waker();
  }

  /** What `take` gives, as often as it gives something; it is asked again when something has happened. */
  function iterate<Item>(take: () => Item | null): AsyncIterableIterator<Item> {
    const iterator: AsyncIterableIterator<Item> = {
      async next() {
        while (active.has(iterator)) {
          const value = take();
          if (value !== null) return { done: false, value };
          await new Promise<void>((resolve) => wakers.add(resolve));
        }
        return { done: true, value: undefined };
      },
      async return() {
        active.delete(iterator);
        wake();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    active.add(iterator);
    return iterator;
  }

  function batch(phase: NumberBatch['phase'], from: number, to: number, missed = 0, missedSince: string | null = null): NumberBatch {
    return { phase, cursor: String(to), missed, missedSince, numbers: Array.from({ length: to - from }, (_, index) => from + index + 1) };
  }

  return {
    newest: () => newest,
    add(count) {
      newest += count;
      wake();
    },
    forgetUntil(number) {
      forgotten = number;
    },
    followers: () => active.size,
    completeAll() {
      active.clear();
      wake();
    },
    follow(after, snapshot) {
      let place = after === null ? newest : Number(after);
      if (!(place <= newest)) throw new GraphQLError(`expected a number up to ${newest}`, { extensions: { code: 'BAD_USER_INPUT' } });
      let isFirst = true;
      /** Up to here it is a replay. */
      const replayed = newest;
      return iterate(() => {
        const from = place;
        if (!isFirst && from === newest) return null;
        const wasFirst = isFirst;
        isFirst = false;
        if (wasFirst && after === null) return batch('SNAPSHOT', Math.max(0, from - snapshot), from);
        if (wasFirst && from < forgotten) {
          place = newest;
          return batch('REPLAY', newest, newest, newest - from, after);
        }
        place = wasFirst || from < replayed ? Math.min(replayed, from + PAGE) : from + 1;
        return batch(wasFirst || from < replayed ? 'REPLAY' : 'LIVE', from, place);
      });
    },
    followNewest() {
      let told: number | null = null;
      return iterate(() => {
        if (told === newest) return null;
        told = newest;
        return newest;
      });
    },
  };
}
