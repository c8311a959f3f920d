import { DomainError } from '../../domain/errors/domain-error.ts';

/** As many attempts to connect in a row failed as `maximumAttempts` allows. The next operation begins anew. */
export class ConnectionGivenUpError extends DomainError {
  readonly code = 'CONNECTION_GIVEN_UP';
  readonly attempts: number;

  constructor(attempts: number, lastReason: string) {
    super(`expected a connection within ${attempts} attempts, got none; the last failed with: ${lastReason}`);
    this.attempts = attempts;
  }
}
