import type { ChainSnapshot } from '../chain/chain-snapshot.ts';

/** Where the forward of an expiration came from. */
export type ForwardSource = 'VENDOR' | 'PARITY' | 'CARRY';

/** What holds for every contract of one expiration. NaN: unknown. */
export interface PricedExpiration {
  /** act/365 from the quote to the expiration moment, in years; > 0, or the slice is not priced. */
  readonly yearFraction: number;
  /** Forward price of the underlying for this expiration, in the quote currency. */
  readonly forward: number;
  readonly forwardSource: ForwardSource;
  /** Continuously compounded rate per year used for discounting. */
  readonly rate: number;
  /** Implied volatility at the forward, interpolated between the neighbouring strikes; decimal. */
  readonly atTheMoneyVolatility: number;
}

/**
 * Model values beside the rows of a snapshot: row i here is row i there. NaN: unknown.
 * Units: implied volatility decimal; delta and gamma per 1.00 of the underlying; vega per +1 volatility point;
 * theta per calendar day; rho per +1 % rate; mark in the quote currency.
 */
export interface PricedColumns {
  /** Middle of bid and ask; NaN when one side is missing. */
  readonly mark: Float64Array;
  readonly impliedVolatility: Float64Array;
  readonly delta: Float64Array;
  readonly gamma: Float64Array;
  readonly vega: Float64Array;
  readonly theta: Float64Array;
  readonly rho: Float64Array;
}

/** A snapshot and its model values. `expirations[i]` is null while slice i is not priced or cannot be (expired, no forward). */
export interface PricedChain {
  readonly snapshot: ChainSnapshot;
  readonly columns: PricedColumns;
  readonly expirations: (PricedExpiration | null)[];
}
