import { DomainError } from '../../domain/errors/domain-error.ts';

/** Another process has taken the work over: what was about to be written must not be. */
export class LeaseLostError extends DomainError {
  readonly code = 'LEASE_LOST';

  constructor(name: string) {
    super(`expected to hold the lease ${name}, but another process has taken it over`);
  }
}
