import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { SourceIterator } from '../../services/subscriptions/iterate-source.ts';
import { POSITION, type PositionedResult } from './event-text.ts';

type Subscribed = AsyncIterableIterator<PositionedResult> | ExecutionResult;

/** What waits for the reader of a subscription. */
export type ReaderBacklog = SourceIterator<unknown>['backlog'];

/**
 * Over HTTP, each answer of a subscription to a durable stream carries the cursor of its item, whatever fields are selected.
 * @param backlogs filled with what waits for the reader of each request's subscription
 */
export function useStreamPositions(backlogs: WeakMap<Request, ReaderBacklog>): Plugin {
  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn((args: ExecutionArgs) => subscribe(args, backlogs));
    },
  };
}

/** As graphql-js does it, one item at a time. */
async function subscribe(args: ExecutionArgs, backlogs: WeakMap<Request, ReaderBacklog>): Promise<Subscribed> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const items = source[Symbol.asyncIterator]() as AsyncIterator<unknown> & Partial<SourceIterator<unknown>>;
  const { request } = args.contextValue as { request?: Request };
  if (request && items.backlog) backlogs.set(request, items.backlog);
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
