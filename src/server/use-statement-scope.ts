import { type ExecutionArgs, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { StatementScope } from '../db/statement-scope.ts';
import type { Viewer } from '../domain/access/viewer.ts';
import { requestContext } from './request-context.ts';
import { whenSettled } from './when-settled.ts';

export interface StatementScopeDeps {
  /** Longest that a database statement of the viewer may run, milliseconds. */
  readonly statementTimeoutOf: (viewer: Viewer) => number;
  /** Those of the event stream that answers a request, when one does. */
  readonly eventStreamSignal: (request: Request) => AbortSignal | undefined;
}

interface Context {
  readonly viewer: Viewer;
  /** Over HTTP: fires when the client cuts the connection before it has its answer. */
  readonly request?: Request;
  /** Over other transports: fires when the client does not want the answer any more. */
  readonly signal?: AbortSignal;
}

/** What a query asks of the database runs no longer than its viewer is granted, and no longer than its client waits. Mutations are carried through. */
export function useStatementScope({ statementTimeoutOf, eventStreamSignal }: StatementScopeDeps): Plugin {
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => {
        if (getOperationAST(args.document, args.operationName)?.operation !== 'query') return executeFn(args);
        const { viewer, request, signal } = args.contextValue as Context;
        const statements = new StatementScope(statementTimeoutOf(viewer));
        const signals = request ? [request.signal, eventStreamSignal(request)] : [signal];
        const stopListening = cancelOn(signals, statements);
        const result = requestContext.run({ requestId: '', ...requestContext.getStore(), statements }, () => executeFn(args));
        if (result instanceof Promise) return whenSettled(result, stopListening);
        stopListening();
        return result;
      });
    },
  };
}

function cancelOn(signals: readonly (AbortSignal | undefined)[], statements: StatementScope): () => void {
  const cancel = () => statements.cancel();
  for (const signal of signals) {
    if (signal?.aborted) cancel();
    else signal?.addEventListener('abort', cancel, { once: true });
  }
  return () => {
    for (const signal of signals) signal?.removeEventListener('abort', cancel);
  };
}
