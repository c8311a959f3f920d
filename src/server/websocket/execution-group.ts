import { type DocumentNode, type ExecutionResult, execute, type GraphQLError, type GraphQLSchema } from 'graphql';
import type { GraphQLContext, WrittenList } from '../../schema/context.ts';
import type { LiveItem } from '../../services/subscriptions/stream-item.ts';
import type { StreamSource } from '../../services/subscriptions/stream-source.ts';
import { answerPieces } from '../answer-pieces.ts';
import { requestContext } from '../request-context.ts';

/** A message on its way to being ready: the end of a `next` message behind the subscriber's id. */
export interface PreparedMessage {
  /** Null while the execution is under way. */
  bytes: Buffer | null;
  /** Resolves when the bytes are there; null when they are already. */
  readonly ready: Promise<void> | null;
}

/** Subscribers whose live messages differ in nothing but the operation id: one execution and one serialisation for all of them. */
export interface ExecutionGroup {
  /** The same message for the same item. */
  prepare(item: LiveItem<unknown>): PreparedMessage;
  /** For what only one subscriber gets. */
  prepareAlone(payload: unknown): PreparedMessage;
  /** The answer to one payload, errors masked. */
  execute(payload: unknown): ExecutionResult | Promise<ExecutionResult>;
  /** Of the newest message; what a message under way is taken to weigh. */
  lastBytes(): number;
}

export interface ExecutionGroupDeps {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variableValues: Readonly<Record<string, unknown>> | null | undefined;
  /** For the log and for masked errors. */
  readonly requestId: string;
  /** A fresh one for each execution: what one event has loaded may have changed by the next. */
  readonly newContext: () => GraphQLContext;
  readonly toPayload: (item: LiveItem<unknown>) => unknown;
  readonly maskError: (error: unknown) => GraphQLError;
  readonly onExecuted: () => void;
}

export function livePayload(source: StreamSource): (item: LiveItem<unknown>) => unknown {
  return (item) => source.toPayload(source.toItem(item));
}

export function createExecutionGroup(deps: ExecutionGroupDeps): ExecutionGroup {
  const { schema, document, operationName, variableValues, requestId, newContext, toPayload, maskError, onExecuted } = deps;
  let newest: { item: LiveItem<unknown>; message: PreparedMessage } | null = null;
  let lastBytes = 0;

  function masked(result: ExecutionResult): ExecutionResult {
    return result.errors ? { ...result, errors: result.errors.map(maskError) } : result;
  }

  function executeIn(contextValue: GraphQLContext, payload: unknown): ExecutionResult | Promise<ExecutionResult> {
    onExecuted();
    return requestContext.run({ requestId }, () => {
      const result = execute({ schema, document, operationName, variableValues, rootValue: payload, contextValue });
      return result instanceof Promise ? result.then(masked) : masked(result as ExecutionResult);
    });
  }

  function toBytes({ data, errors }: ExecutionResult, lists: readonly WrittenList[]): Buffer {
    // As graphql-ws writes it: data first, errors only when there are some.
    const members =
      data === undefined ? [] : [`"data":${lists.length === 0 ? JSON.stringify(data) : [...answerPieces(data, lists)].join('')}`];
    if (errors) members.push(`"errors":${JSON.stringify(errors)}`);
    const bytes = Buffer.from(`{${members.join(',')}}}`);
    lastBytes = bytes.length;
    return bytes;
  }

  function prepareAlone(payload: unknown): PreparedMessage {
    const writtenLists: WrittenList[] = [];
    const result = executeIn({ ...newContext(), writtenLists }, payload);
    if (!(result instanceof Promise)) return { bytes: toBytes(result, writtenLists), ready: null };
    const message: { bytes: Buffer | null; ready: Promise<void> | null } = { bytes: null, ready: null };
    message.ready = result.then((answer) => {
      message.bytes = toBytes(answer, writtenLists);
    });
    return message;
  }

  return {
    prepare(item) {
      if (newest?.item === item) return newest.message;
      newest = { item, message: prepareAlone(toPayload(item)) };
      return newest.message;
    },
    prepareAlone,
    execute: (payload) => executeIn(newContext(), payload),
    lastBytes: () => lastBytes,
  };
}
