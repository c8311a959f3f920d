import { DomainError } from '../../../domain/errors/domain-error.ts';

/** A receiver has not answered in time. */
export class TooSlowError extends DomainError {
  readonly code = 'TOO_SLOW';
}
