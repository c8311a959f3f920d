import { DomainError } from '../domain/errors/domain-error.ts';

/** The database holds data of another origin than this process would write. */
export class DataOriginError extends DomainError {
  readonly code = 'DATA_ORIGIN_DIFFERS';

  constructor(known: readonly string[], wanted: string) {
    super(
      `expected a database for ${wanted} market data, got one that holds ${known.join(' and ')} market data: their results would mix. ` +
        `Choose another database (DATABASE_URL, or DATA_DIR for the embedded one), start with the feed it belongs to (FEED), ` +
        `or set DATABASE_ALLOW_FEED_CHANGE=true (--allow-feed-change) to mix them on purpose`,
    );
  }
}
