import { DomainError } from '../../domain/errors/domain-error.ts';

/** A cursor that this server did not make, or of a kind that does not fit here. */
export class MalformedCursorError extends DomainError {
  readonly code = 'MALFORMED_CURSOR';
}
