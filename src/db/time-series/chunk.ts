/** A part of a time-series table that holds a span of time. */
export interface Chunk {
  /** Its own name in the database, qualified and quoted. */
  readonly relation: string;
  /** Epoch milliseconds, inclusive. */
  readonly fromMs: number;
  /** Epoch milliseconds, exclusive. */
  readonly beforeMs: number;
  /** As PostgreSQL estimates, which may be some minutes behind. */
  readonly rows: number;
  /** On disk, indexes included. */
  readonly bytes: number;
}
