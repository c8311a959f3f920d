import type { Logger } from 'pino';

export interface UnhandledRejectionDeps {
  readonly log: Pick<Logger, 'error' | 'fatal'>;
  /** Ends the server in order. */
  readonly stop: () => void;
}

/**
 * What becomes of a promise that failed while nobody waited for it. Where one row of a list fails at once and another later, both executors (graphql 16.15 and that of graphql-yoga 5) answer with
 * the first error and leave the second: that one operation has its answer, and all others go on. Anything else is a mistake of the server's own.
 */
export function createUnhandledRejectionHandler({ log, stop }: UnhandledRejectionDeps): (reason: unknown) => void {
  return (reason) => {
    // By its name: GraphQL is loaded later than this.
    if (reason instanceof Error && reason.name === 'GraphQLError') {
      log.error({ err: reason }, 'a field failed after its operation had been answered');
      return;
    }
    log.fatal({ err: reason }, 'uncaught error');
    stop();
  };
}
