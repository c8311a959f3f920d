import { createSourceEventStream, type DocumentNode, type ExecutionResult, type GraphQLError, type GraphQLSchema } from 'graphql';
import type { Viewer } from '../../domain/access/viewer.ts';
import { dependsOnViewer } from '../../schema/depends-on-viewer.ts';
import type { Session } from '../../services/access/session.ts';
import { isStreamSource, type StreamSource } from '../../services/subscriptions/stream-source.ts';
import type { NewGraphQLContext } from '../graphql-context.ts';
import type { DeliveryMetrics } from './delivery-metrics.ts';
import { createExecutionGroup, type ExecutionGroup, livePayload } from './execution-group.ts';
import { createLiveMember } from './live-member.ts';
import { createSharedKey } from './shared-key.ts';
import type { SocketOutlet } from './socket-outlet.ts';
import { createSubscriptionResults, type SubscriptionResults } from './subscription-results.ts';

export interface SubscribeOperation {
  readonly id: string;
  readonly outlet: SocketOutlet;
  readonly requestId: string;
  /** The connection it runs on. */
  readonly session: Session;
  /** Called once when the subscription is over, if it came to one. */
  readonly onOver: () => void;
  readonly query: string;
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
}

export interface SharedSubscriptionsDeps {
  readonly newContext: NewGraphQLContext;
  readonly maskError: (error: unknown) => GraphQLError;
  readonly metrics: DeliveryMetrics;
}

interface GroupEntry {
  readonly key: string;
  readonly group: ExecutionGroup;
  members: number;
}

/** Subscriptions over WebSocket. Those of the same operation (document, variables, delivery; not where each begins) are executed once per event. */
export interface SharedSubscriptions {
  subscribe(operation: SubscribeOperation): Promise<SubscriptionResults | ExecutionResult>;
}

export function createSharedSubscriptions({ newContext, maskError, metrics }: SharedSubscriptionsDeps): SharedSubscriptions {
  const sharedKey = createSharedKey();
  const personal = new WeakMap<DocumentNode, boolean>();
  const groups = new Map<string, GroupEntry>();
  metrics.watchGroups(() => groups.size);

  /** Remembered by document: those of the same text are the same object. */
  function isPersonal({ schema, document }: SubscribeOperation): boolean {
    const known = personal.get(document) ?? dependsOnViewer(schema, document);
    personal.set(document, known);
    return known;
  }

  /** @returns the group, and what leaves it */
  function enter(operation: SubscribeOperation, source: StreamSource): { group: ExecutionGroup; exit: () => void } {
    const { session, onOver } = operation;
    const key = `${scopeOf(session.viewer, isPersonal(operation))}${sharedKey(operation)}${source.key}`;
    const entry = groups.get(key) ?? { key, group: createGroup(operation, source), members: 0 };
    groups.set(key, entry);
    entry.members++;
    session.subscriptionBegan();
    return { group: entry.group, exit: exitOf(entry, session, onOver) };
  }

  /** A function of its own, so that what it returns keeps nothing else of the operation in memory. */
  function exitOf(entry: GroupEntry, session: Session, onOver: () => void): () => void {
    return () => {
      entry.members--;
      session.subscriptionEnded();
      onOver();
      if (entry.members === 0) groups.delete(entry.key);
    };
  }

  function createGroup(operation: SubscribeOperation, source: StreamSource): ExecutionGroup {
    const { schema, document, operationName, variables, requestId, session } = operation;
    // As long as the connection lasts, whatever token it is renewed with gives the same.
    const { viewer } = session;
    return createExecutionGroup({
      schema,
      document,
      operationName,
      variableValues: variables,
      requestId,
      newContext: () => newContext({ requestId, viewer }),
      toPayload: livePayload(source),
      maskError,
      onExecuted: metrics.executed,
    });
  }

  function results(operation: SubscribeOperation, source: StreamSource): SubscriptionResults {
    const { id, outlet } = operation;
    const { group, exit } = enter(operation, source);
    const { written: onWritten, closedTooSlow: onTooSlow } = metrics;
    return createSubscriptionResults({
      source,
      group,
      join: (onEnd) => createLiveMember({ id, outlet, source, group, onWritten, onTooSlow, onEnd }),
      onOver: exit,
    });
  }

  return {
    async subscribe(operation) {
      const { schema, document, operationName, variables, requestId, session } = operation;
      const source = await createSourceEventStream({
        schema,
        document,
        operationName,
        variableValues: variables,
        contextValue: newContext({ requestId, viewer: session.viewer, session }),
      });
      if (isStreamSource(source)) return results(operation, source);
      if (!(Symbol.asyncIterator in source)) {
        const { errors } = source as ExecutionResult;
        return { ...source, ...(errors ? { errors: errors.map(maskError) } : {}) };
      }
      throw new Error('expected the resolver of a subscription to return a stream source, got another iterable');
    },
  };
}

/** Those who may see the same fields may share executions; which rows they see is decided by what they are given to execute. */
function scopeOf({ roles, subject }: Viewer, isPersonal: boolean): string {
  return JSON.stringify(isPersonal ? [roles, subject] : [roles]);
}
