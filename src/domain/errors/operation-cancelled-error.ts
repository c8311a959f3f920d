import { DomainError } from './domain-error.ts';

/** Who asked does not want the answer any more, or has gone. */
export class OperationCancelledError extends DomainError {
  readonly code = 'CANCELLED';

  constructor(options?: ErrorOptions) {
    super('expected a client that waits for its answer, got one that has cancelled or gone', options);
  }
}
