/** A statement that runs or waits for a connection. */
export interface RunningStatement {
  /** Any number of times; of no effect once it has ended. */
  cancel(): void;
}

/** What the statements of one operation have in common: how long each may run, and that none of them is wanted any more once the client has gone. */
export class StatementScope {
  /** Longest that one statement may run, milliseconds. */
  readonly timeoutMs: number;
  #isCancelled = false;
  readonly #running = new Set<RunningStatement>();

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  enter(statement: RunningStatement): void {
    this.#running.add(statement);
  }

  leave(statement: RunningStatement): void {
    this.#running.delete(statement);
  }

  /** What runs is cancelled in PostgreSQL, what would follow does not begin. */
  cancel(): void {
    this.#isCancelled = true;
    for (const statement of this.#running) statement.cancel();
  }
}
