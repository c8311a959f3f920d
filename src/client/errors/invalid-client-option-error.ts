import { DomainError } from '../../domain/errors/domain-error.ts';

/** Something the client was given cannot be used. */
export class InvalidClientOptionError extends DomainError {
  readonly code = 'INVALID_CLIENT_OPTION';
}
