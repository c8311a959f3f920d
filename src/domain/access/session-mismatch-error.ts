import { DomainError } from '../errors/domain-error.ts';

/** A token is good, but not for the connection it was shown on: what goes on there was granted to somebody else, or for other roles. */
export class SessionMismatchError extends DomainError {
  readonly code = 'SESSION_MISMATCH';
}
