import type { ExecutionResult } from 'graphql';
import type { Session } from '../../services/access/session.ts';
import { type AnswerText, textBytes } from '../answer-text.ts';
import type { EventTexts } from './event-response.ts';
import type { ObservedEvents } from './event-session.ts';
import { completeEvent, nextEvent, type PositionedResult } from './event-text.ts';
import type { ReaderBacklog } from './stream-positions.ts';

export type OperationResult = ExecutionResult | AsyncIterable<PositionedResult>;

/** Operations one client may have at once; each may have an event waiting. */
const MAXIMUM_OPERATIONS = 256;

/** Many operations on one event stream. Of each, one event at most waits for the client; what comes behind it waits in the operation's own bounded buffer. */
export interface EventConnection extends EventTexts, ObservedEvents {
  /** Whose it is; null until that is known. */
  session: Session | null;
  /** Takes an id for an operation that is about to begin. */
  reserve(operationId: string): 'reserved' | 'in use' | 'too many';
  /** Fires when the operation of a reserved id is completed, or the stream closed, before it starts. */
  beginning(operationId: string): AbortSignal;
  /** Gives the id back: nothing came of the operation. */
  release(operationId: string): void;
  /**
   * Sends what an operation of a reserved id answers.
   * @param backlog what waits for it in its source, where that can be told
   */
  start(operationId: string, result: OperationResult, backlog?: ReaderBacklog): void;
  /** Ends an operation at its client's wish; nothing of it is sent any more. Of no effect when there is none. */
  complete(operationId: string): void;
  /** Ends the stream when all operations have. */
  end(): void;
}

interface Operation {
  isOver: boolean;
  stop: () => void;
  backlog: ReaderBacklog | null;
}

export function createEventConnection({ onClose }: { onClose: () => void }): EventConnection {
  const operations = new Map<string, Operation>();
  let waiting: { readonly operation: Operation; readonly text: AnswerText; readonly onTaken: () => void }[] = [];
  let isEnding = false;
  let isClosed = false;
  let sentBytes = 0;
  let wake = () => {};

  /** Resolves when the client has room for the next one. */
  function send(operation: Operation, text: AnswerText): Promise<void> {
    return new Promise((onTaken) => {
      if (operation.isOver) return onTaken();
      waiting.push({ operation, text, onTaken });
      wake();
    });
  }

  async function sendAll(operationId: string, operation: Operation, result: OperationResult): Promise<void> {
    if (Symbol.asyncIterator in result) {
      const iterator = result[Symbol.asyncIterator]();
      operation.stop = () => void iterator.return?.().catch(() => {});
      if (operation.isOver) operation.stop();
      for (let item = await iterator.next(); !item.done && !operation.isOver; item = await iterator.next()) {
        await send(operation, nextEvent(item.value, operationId));
      }
    } else {
      await send(operation, nextEvent(result, operationId));
    }
    await send(operation, completeEvent(operationId));
  }

  function forget(operationId: string, operation: Operation): void {
    operation.isOver = true;
    if (operations.get(operationId) === operation) operations.delete(operationId);
    wake();
  }

  function stop(operationId: string, operation: Operation): void {
    forget(operationId, operation);
    waiting = waiting.filter((event) => {
      if (event.operation === operation) event.onTaken();
      return event.operation !== operation;
    });
    operation.stop();
  }

  const connection: EventConnection = {
    session: null,
    reserve(operationId) {
      if (operations.has(operationId)) return 'in use';
      if (operations.size >= MAXIMUM_OPERATIONS) return 'too many';
      operations.set(operationId, { isOver: isClosed, stop: () => {}, backlog: null });
      return 'reserved';
    },
    beginning(operationId) {
      const controller = new AbortController();
      const operation = operations.get(operationId);
      if (operation && !operation.isOver) operation.stop = () => controller.abort();
      else controller.abort();
      return controller.signal;
    },
    release(operationId) {
      const operation = operations.get(operationId);
      if (operation) forget(operationId, operation);
    },
    start(operationId, result, backlog) {
      // Completed or closed while it began: it is stopped as soon as it can be.
      const operation: Operation = operations.get(operationId) ?? { isOver: true, stop: () => {}, backlog: null };
      operation.backlog = backlog ?? null;
      const { session } = connection;
      const isSubscription = Symbol.asyncIterator in result;
      if (isSubscription) session?.subscriptionBegan();
      sendAll(operationId, operation, result)
        .then(
          () => forget(operationId, operation),
          // Its errors are answers already; a broken iteration ends like one that is over.
          () => stop(operationId, operation),
        )
        .finally(() => {
          if (isSubscription) session?.subscriptionEnded();
        });
    },
    complete(operationId) {
      const operation = operations.get(operationId);
      if (operation) stop(operationId, operation);
    },
    async next() {
      for (;;) {
        const event = waiting.shift();
        if (event) {
          event.onTaken();
          sentBytes += textBytes(event.text);
          return event.text;
        }
        if (isClosed || (isEnding && operations.size === 0)) return null;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    end() {
      isEnding = true;
      wake();
    },
    endWith(last) {
      const over: Operation = { isOver: true, stop: () => {}, backlog: null };
      const texts: AnswerText[] = [];
      for (const [operationId, operation] of operations) {
        stop(operationId, operation);
        texts.push(nextEvent(last, operationId), completeEvent(operationId));
      }
      waiting.push(...texts.map((text) => ({ operation: over, text, onTaken: () => {} })));
      connection.end();
    },
    sentBytes: () => sentBytes,
    *backlogs() {
      for (const { backlog } of operations.values()) if (backlog) yield backlog;
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      for (const [operationId, operation] of operations) stop(operationId, operation);
      wake();
      onClose();
    },
  };
  return connection;
}
