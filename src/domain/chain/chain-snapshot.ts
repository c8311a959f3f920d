import type { UnderlyingProfile } from './underlying-profile.ts';

/** Codes in the `right` column. */
export const CALL = 0;
export const PUT = 1;

/**
 * All quotes of one underlying at one moment, in columns: row i of every column is one option contract. A value that is not known is
 * NaN (a typed array has no null); it becomes null where it leaves the columns. Vendors' stand-ins for "unknown" never get in here.
 *
 * Row order: by expiration moment, then root; inside one slice the calls in ascending strike, then the puts in ascending strike.
 */
export interface ChainSnapshot {
  readonly underlying: UnderlyingProfile;
  /** Price of the underlying in its currency per unit; NaN when the source does not tell. */
  readonly underlyingPrice: number;
  /** When the quotes were true, by the source's clock: epoch milliseconds, UTC. */
  readonly quotedAtMs: number;
  /** Number of contracts; every column is exactly this long. */
  readonly size: number;
  readonly expirations: readonly ExpirationSlice[];
  readonly quotes: QuoteColumns;
  /** What was left out while decoding, by reason; empty when nothing was. */
  readonly drops: readonly RecordDrop[];
}

/** The contracts of one root that expire at one moment: calls in rows [start, putStart), puts in rows [putStart, end). */
export interface ExpirationSlice {
  /** Symbol root: SPX and SPXW are different roots of one underlying. */
  readonly root: string;
  /** Calendar date of expiration, `YYYY-MM-DD`, as the contract is named. */
  readonly date: string;
  /** The moment of expiration: epoch milliseconds, UTC. */
  readonly expiresAtMs: number;
  readonly start: number;
  readonly putStart: number;
  readonly end: number;
  /** Forward price for this expiration as the source states it (Deribit's underlying_price); NaN when it does not. */
  readonly vendorForward: number;
}

/** Prices in the underlying's currency per unit of the underlying; sizes, volume and open interest in contracts. */
export interface QuoteColumns {
  readonly strike: Float64Array;
  /** CALL or PUT. */
  readonly right: Uint8Array;
  /** NaN: no bid. */
  readonly bid: Float64Array;
  /** NaN: no ask. */
  readonly ask: Float64Array;
  readonly bidSize: Float64Array;
  readonly askSize: Float64Array;
  readonly last: Float64Array;
  readonly volume: Float64Array;
  readonly openInterest: Float64Array;
  /** The source's own model price (Cboe theo, Deribit mark price). */
  readonly vendorMark: Float64Array;
  /** The source's own implied volatility, decimal. */
  readonly vendorImpliedVolatility: Float64Array;
  /** The source's own delta, per 1.00 of the underlying. */
  readonly vendorDelta: Float64Array;
  /** Present when the source quotes in another currency (Deribit: coin): its numbers before conversion. */
  readonly original?: OriginalQuotes;
}

export interface OriginalQuotes {
  /** Currency or coin of the numbers below, e.g. BTC. */
  readonly currency: string;
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  readonly mark: Float64Array;
}

/** Why a record of a source did not become a row. Closed: these are metric labels. */
export const RECORD_DROP_REASONS = [
  'malformed-symbol',
  'malformed-number',
  'missing-field',
  'non-positive-strike',
  'negative-price',
  'negative-size',
  'crossed-quote',
  'expired',
  'duplicate-contract',
  'foreign-underlying',
] as const;
export type RecordDropReason = (typeof RECORD_DROP_REASONS)[number];

export interface RecordDrop {
  readonly reason: RecordDropReason;
  readonly count: number;
  /** Where the first one stood, e.g. `line 17, field bid: expected a number ≥ 0, found "-3"`. */
  readonly firstAt: string;
}
