import { DomainError } from './domain-error.ts';

/** More was asked for than this server grants. */
export class LimitExceededError extends DomainError {
  readonly code = 'LIMIT_EXCEEDED';
  readonly limit: number;
  readonly requested: number;

  constructor(what: string, limit: number, requested: number) {
    super(`expected at most ${limit} ${what}, got ${requested}`);
    this.limit = limit;
    this.requested = requested;
  }
}
