import { endsConnection } from './ends-connection.ts';
import { ClientClosedError } from './errors/client-closed-error.ts';
import { ConnectionLostError } from './errors/connection-lost-error.ts';
import { OperationError } from './errors/operation-error.ts';
import type { GraphQLResult } from './graphql-result.ts';
import type { OperationPayload } from './open-session.ts';
import type { ActiveOperation, OperationSet } from './operation-set.ts';

export interface AskOnceOptions {
  readonly operations: OperationSet;
  /** Called after it was added, so that there will be a connection. */
  readonly ensureConnection: () => void;
  readonly onAnswer: () => void;
  readonly payload: OperationPayload;
  /** Whether it may be sent a second time when the first one's answer was lost. */
  readonly isRepeatable: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * The answer to a query or a mutation.
 * @throws OperationError, QueueFullError, ConnectionLostError, ConnectionRefusedError, ConnectionGivenUpError, ClientClosedError; the signal's reason
 */
export function askOnce(options: AskOnceOptions): Promise<NonNullable<GraphQLResult['data']>> {
  const { operations, ensureConnection, onAnswer, payload, isRepeatable, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    let takeBack: (() => void) | null = null;

    function settle(): void {
      operations.delete(operation);
      signal?.removeEventListener('abort', onAbort);
      takeBack?.();
      takeBack = null;
    }
    function fail(error: Error): void {
      settle();
      reject(error);
    }
    function onAbort(): void {
      fail(signal!.reason as Error);
    }

    const operation: ActiveOperation = {
      begin(session) {
        if (takeBack) return;
        takeBack = session.subscribe(payload, {
          next({ data, errors }) {
            onAnswer();
            // The server completes it by itself now.
            takeBack = null;
            if (errors && errors.length > 0) fail(new OperationError(errors, data ?? null));
            else if (data) {
              settle();
              resolve(data);
            }
          },
          refused(errors) {
            // It may have been carried out before the connection ended: only what may be repeated waits for the next one.
            if (isRepeatable && endsConnection(errors)) return;
            onAnswer();
            fail(new OperationError(errors));
          },
          complete: () => fail(new OperationError([{ message: 'the server completed the operation without an answer' }])),
        });
      },
      interrupt(reason) {
        if (takeBack && !isRepeatable) fail(new ConnectionLostError(reason));
        takeBack = null;
      },
      fail,
      close: () => fail(new ClientClosedError()),
    };

    try {
      operations.add(operation);
    } catch (error) {
      reject(error as Error);
      return;
    }
    signal?.addEventListener('abort', onAbort);
    ensureConnection();
  });
}
