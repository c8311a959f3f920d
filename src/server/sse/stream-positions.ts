import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { POSITION, type PositionedResult } from './event-text.ts';

type Subscribed = AsyncIterableIterator<PositionedResult> | ExecutionResult;

/** Over HTTP, each answer of a subscription to a durable stream carries the cursor of its item, whatever fields are selected. */
export function useStreamPositions(): Plugin {
  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(subscribe);
    },
  };
}

/** As graphql-js does it, one item at a time. */
async function subscribe(args: ExecutionArgs): Promise<Subscribed> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const items = source[Symbol.asyncIterator]();
  const results: AsyncIterableIterator<PositionedResult> = {
    [Symbol.asyncIterator]: () => results,
    async next() {
      const { done, value } = await items.next();
      if (done) return { done: true, value: undefined };
      const result = await execute({ ...args, rootValue: value });
      return { done: false, value: { ...result, [POSITION]: positionOf(value) } };
    },
    async return() {
      await items.return?.();
      return { done: true, value: undefined };
    },
  };
  return results;
}

/** Items of durable streams have a cursor; readings that nobody can go back to have none. */
function positionOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null || !('cursor' in item) || !('phase' in item)) return null;
  return typeof item.cursor === 'string' && item.cursor !== '' ? item.cursor : null;
}
