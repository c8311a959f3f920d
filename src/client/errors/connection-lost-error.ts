import { DomainError } from '../../domain/errors/domain-error.ts';

/** The connection was lost after a mutation was sent and before its answer came: it may have been carried out, or not. */
export class ConnectionLostError extends DomainError {
  readonly code = 'CONNECTION_LOST';

  constructor(reason: string) {
    super(`expected the answer of a mutation, got a lost connection (${reason}): whether it was carried out is unknown`);
  }
}
