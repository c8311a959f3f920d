import { DomainError } from '../../domain/errors/domain-error.ts';

/** There is no connection, and as many operations wait for one as may. */
export class QueueFullError extends DomainError {
  readonly code = 'QUEUE_FULL';
  readonly limit: number;

  constructor(limit: number) {
    super(`expected at most ${limit} operations that wait for a connection, got one more`);
    this.limit = limit;
  }
}
