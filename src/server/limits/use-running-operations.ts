import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GraphQLContext } from '../../schema/context.ts';
import type { Admission } from '../../services/limits/admission.ts';
import { refusal } from '../refusal.ts';
import type { EventConnection } from '../sse/event-connection.ts';
import { whenSettled } from '../when-settled.ts';
import { endingWith } from './ending-with.ts';

export interface RunningOperationsDeps {
  readonly admission: Admission;
  readonly maskError: (error: unknown) => GraphQLError;
  readonly isBatch: (request: Request) => boolean;
  /** The event stream for many operations that a request belongs to; null: to none. */
  readonly eventConnectionOf: (request: Request) => EventConnection | null;
}

/**
 * Counts what runs: queries and mutations of every transport, and subscriptions over HTTP (those over WebSocket do not come through here). Behind the plugins that say how
 * a subscription is executed.
 */
export function useRunningOperations({ admission, maskError, isBatch, eventConnectionOf }: RunningOperationsDeps): Plugin {
  /** A subscription with an answer of its own is a connection of its own. */
  function enter({ contextValue }: ExecutionArgs): () => void {
    const { viewer, request } = contextValue as GraphQLContext & { readonly request?: Request };
    if (request && isBatch(request)) throw refusal(400, 'BAD_REQUEST', 'expected no subscription in a list of operations, got one');
    const connection = request ? eventConnectionOf(request) : null;
    const leave = admission.subscribe(viewer, connection);
    if (connection) return leave;
    try {
      const closeSocket = admission.openSocket(viewer);
      return () => {
        leave();
        closeSocket();
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => {
        let leave: () => void;
        try {
          leave = admission.runOperation((args.contextValue as GraphQLContext).viewer);
        } catch (error) {
          return { errors: [maskError(error)] };
        }
        return releasing(() => executeFn(args), leave);
      });
    },
    onSubscribe({ subscribeFn, setSubscribeFn }) {
      setSubscribeFn(async (args: ExecutionArgs): Promise<AsyncIterable<ExecutionResult> | ExecutionResult> => {
        let leave: () => void;
        try {
          leave = enter(args);
        } catch (error) {
          return { errors: [maskError(error)] };
        }
        let results: AsyncIterableIterator<ExecutionResult> | ExecutionResult;
        try {
          results = await subscribeFn(args);
        } catch (error) {
          leave();
          throw error;
        }
        if (Symbol.asyncIterator in results) return endingWith(results, leave);
        leave();
        return results;
      });
    },
  };
}

function releasing<T>(work: () => T, release: () => void): T {
  let result: T;
  try {
    result = work();
  } catch (error) {
    release();
    throw error;
  }
  if (result instanceof Promise) return whenSettled(result, release) as T;
  release();
  return result;
}
