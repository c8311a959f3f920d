import { DomainError } from '../../domain/errors/domain-error.ts';

/** A subscription was to go on after its last cursor, and its operation does not allow it. */
export class NotResumableError extends DomainError {
  readonly code = 'NOT_RESUMABLE';
}
