import { DomainError } from './domain-error.ts';

/** The thing named does not exist, or no longer. */
export class NotFoundError extends DomainError {
  readonly code = 'NOT_FOUND';
}
