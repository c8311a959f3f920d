import { type DocumentNode, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { Counter, Histogram, type Registry } from 'prom-client';

const TYPES = ['query', 'mutation', 'subscription'] as const;
type OperationType = (typeof TYPES)[number];

/** Counts and times operations of every transport. Subscriptions count when they begin; their time is the time to begin. */
export interface OperationMetrics {
  /** For operations that go through yoga. */
  readonly plugin: Plugin;
  /** For a subscription that does not: begins to time it; call the answer when it has begun. */
  startSubscription(): (outcome: 'ok' | 'error') => void;
}

export function createOperationMetrics(registry: Registry): OperationMetrics {
  const operations = new Counter({
    name: 'strikewire_graphql_operations_total',
    help: 'GraphQL operations executed, by type and outcome (ok: no errors in the answer).',
    labelNames: ['type', 'outcome'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'strikewire_graphql_operation_duration_seconds',
    help: 'Time to execute an operation; for a subscription, to begin it.',
    labelNames: ['type'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  /** Looked up once: by their names it takes longer than counting. */
  const ofType = Object.fromEntries(
    TYPES.map((type) => [
      type,
      { seconds: seconds.labels(type), ok: operations.labels(type, 'ok'), error: operations.labels(type, 'error') },
    ]),
  ) as Record<OperationType, { seconds: Histogram.Internal<'type'>; ok: Counter.Internal; error: Counter.Internal }>;
  for (const type of TYPES) {
    ofType[type].ok.inc(0);
    ofType[type].error.inc(0);
  }

  function start(type: OperationType): (outcome: 'ok' | 'error') => void {
    const end = ofType[type].seconds.startTimer();
    return (outcome) => {
      end();
      ofType[type][outcome].inc();
    };
  }
  const startSubscription = () => start('subscription');

  return {
    startSubscription,
    plugin: {
      onExecute({ args }) {
        const end = start(typeOf(args.document, args.operationName));
        return {
          onExecuteDone({ result }) {
            const failed = 'errors' in result && result.errors !== undefined && result.errors.length > 0;
            end(failed ? 'error' : 'ok');
          },
        };
      },
      onSubscribe() {
        const began = startSubscription();
        return { onSubscribeResult: ({ result }) => began(Symbol.asyncIterator in result ? 'ok' : 'error') };
      },
    },
  };
}

function typeOf(document: DocumentNode, operationName: string | null | undefined): OperationType {
  return getOperationAST(document, operationName)?.operation ?? 'query';
}
