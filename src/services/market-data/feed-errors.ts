import { DomainError } from '../../domain/errors/domain-error.ts';

/** The feed could not answer now and may later (network, 5xx, 429, lost socket). */
export class FeedUnavailableError extends DomainError {
  readonly code = 'FEED_UNAVAILABLE';
  /** How long the source asks us to wait, in milliseconds; undefined when it does not say. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options?: ErrorOptions & { retryAfterMs?: number | undefined }) {
    super(message, options);
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** The source's answer or file cannot be used and asking again will not help. Names file, line, field, expected and found, as far as they apply. */
export class FeedMalformedError extends DomainError {
  readonly code = 'FEED_MALFORMED';
}

/** The feed does not know this underlying. */
export class UnknownUnderlyingError extends DomainError {
  readonly code = 'UNKNOWN_UNDERLYING';
}

/** A recording has been played to its end and was not told to loop. */
export class FeedEndedError extends DomainError {
  readonly code = 'FEED_ENDED';
}

/** The feed refuses our credentials or our use of it. */
export class FeedRefusedError extends DomainError {
  readonly code = 'FEED_REFUSED';
}

export type FeedError = FeedUnavailableError | FeedMalformedError | UnknownUnderlyingError | FeedEndedError | FeedRefusedError;
