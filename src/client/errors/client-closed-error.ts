import { DomainError } from '../../domain/errors/domain-error.ts';

/** `close()` was called before the operation had its answer, or before it was begun. */
export class ClientClosedError extends DomainError {
  readonly code = 'CLIENT_CLOSED';

  constructor() {
    super('expected an open client, got one that was closed');
  }
}
