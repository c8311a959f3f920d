import { DomainError } from './domain-error.ts';

export interface LimitExceededDetails {
  /** Name of the limit, camelCase; without it made of what is limited. */
  readonly limit?: string;
  /** When it may be tried again, milliseconds from now; only where time alone helps. */
  readonly retryAfterMs?: number;
}

/** More was asked for than this server grants. */
export class LimitExceededError extends DomainError {
  readonly code = 'LIMIT_EXCEEDED';
  /** Name of the limit. */
  readonly limit: string;
  /** The most that is granted. */
  readonly allowed: number;
  /** What was asked for. */
  readonly requested: number;
  readonly retryAfterMs: number | null;

  /** @param what is limited, in the plural, for people */
  constructor(what: string, allowed: number, requested: number, { limit, retryAfterMs }: LimitExceededDetails = {}) {
    super(`expected at most ${allowed} ${what}, got ${requested}`);
    this.limit = limit ?? camelCase(what);
    this.allowed = allowed;
    this.requested = requested;
    this.retryAfterMs = retryAfterMs ?? null;
  }
}

function camelCase(text: string): string {
  return text.replace(/[^A-Za-z0-9]+([A-Za-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}
