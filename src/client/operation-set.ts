import { QueueFullError } from './errors/queue-full-error.ts';
import type { Session } from './open-session.ts';

/** Something that is sent over a connection, and again over the next one. */
export interface ActiveOperation {
  /** There is a connection. */
  begin(session: Session): void;
  /** The connection is gone. */
  interrupt(reason: string): void;
  fail(error: Error): void;
  /** The client is closed. */
  close(): void;
}

/** What a client is busy with. */
export interface OperationSet {
  /** Begins it, or keeps it until there is a connection. @throws QueueFullError */
  add(operation: ActiveOperation): void;
  delete(operation: ActiveOperation): void;
  size(): number;
  /** All that wait and all that were interrupted, in the order they came. */
  beginAll(session: Session): void;
  interruptAll(reason: string): void;
  failAll(error: Error): void;
  closeAll(): void;
}

export interface OperationSetOptions {
  /** Most operations that wait to be sent for the first time. */
  readonly queueLimit: number;
  readonly session: () => Session | null;
}

export function createOperationSet({ queueLimit, session }: OperationSetOptions): OperationSet {
  const operations = new Set<ActiveOperation>();
  /** Of them, those that never were sent. */
  const queued = new Set<ActiveOperation>();
  return {
    add(operation) {
      const current = session();
      if (!current && queued.size >= queueLimit) throw new QueueFullError(queueLimit);
      operations.add(operation);
      if (current) operation.begin(current);
      else queued.add(operation);
    },
    delete(operation) {
      operations.delete(operation);
      queued.delete(operation);
    },
    size: () => operations.size,
    beginAll(current) {
      queued.clear();
      for (const operation of operations) operation.begin(current);
    },
    interruptAll(reason) {
      for (const operation of operations) operation.interrupt(reason);
    },
    failAll(error) {
      for (const operation of operations) operation.fail(error);
    },
    closeAll() {
      for (const operation of operations) operation.close();
    },
  };
}
