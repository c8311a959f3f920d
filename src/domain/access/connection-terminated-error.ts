import { DomainError } from '../errors/domain-error.ts';

/** An administrator has ended the connection. Its credential is as good as before. */
export class ConnectionTerminatedError extends DomainError {
  readonly code = 'CONNECTION_TERMINATED';

  constructor(reason: string | null) {
    super(reason === null ? 'an administrator has ended this connection' : `an administrator has ended this connection: ${reason}`);
  }
}
