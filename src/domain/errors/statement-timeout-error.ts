import { DomainError } from './domain-error.ts';

/** A database statement ran longer than who asked for it is granted. */
export class StatementTimeoutError extends DomainError {
  readonly code = 'TIMEOUT';
  /** The most that is granted, milliseconds. */
  readonly timeoutMs: number;

  constructor(timeoutMs: number, options?: ErrorOptions) {
    super(`expected a database statement that takes at most ${timeoutMs} ms, got one that takes longer`, options);
    this.timeoutMs = timeoutMs;
  }
}
