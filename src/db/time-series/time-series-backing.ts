/**
 * What keeps the chunks. TIMESCALE_COMMUNITY: hypertables whose old chunks are compressed; TIMESCALE_APACHE: hypertables; PLAIN: range partitions of PostgreSQL.
 */
export const TIME_SERIES_BACKINGS = ['TIMESCALE_COMMUNITY', 'TIMESCALE_APACHE', 'PLAIN'] as const;
export type TimeSeriesBackingKind = (typeof TIME_SERIES_BACKINGS)[number];

export interface TimeSeriesBacking {
  readonly kind: TimeSeriesBackingKind;
  /** E.g. `PostgreSQL 18.4` or `TimescaleDB 2.19.3 on PostgreSQL 17.6`. */
  readonly product: string;
}

/** For people, e.g. in /ready. */
export const BACKING_TITLES: Readonly<Record<TimeSeriesBackingKind, string>> = {
  TIMESCALE_COMMUNITY: 'TimescaleDB Community',
  TIMESCALE_APACHE: 'TimescaleDB Apache 2',
  PLAIN: 'partitions of PostgreSQL',
};
