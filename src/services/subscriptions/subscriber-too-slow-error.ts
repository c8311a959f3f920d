import { DomainError } from '../../domain/errors/domain-error.ts';

/** A subscriber did not take its events and more were waiting than its buffer holds. */
export class SubscriberTooSlowError extends DomainError {
  readonly code = 'SUBSCRIBER_TOO_SLOW';
  /** Results the buffer holds. */
  readonly limit: number;

  constructor(limit: number) {
    super(`expected the subscriber to keep no more than ${limit} results waiting; it did not take them in time`);
    this.limit = limit;
  }
}
