import type { ForwardSource } from './priced-chain.ts';

/** What all contracts of one expiration share; one object per pricer, filled anew for every slice. */
export interface SliceTerms {
  /** act/365 years to expiration. */
  yearFraction: number;
  /** Continuously compounded, per year. */
  rate: number;
  discountFactor: number;
  forward: number;
  forwardSource: ForwardSource;
  /**
   * The underlying that delta and gamma are per 1.00 of, and its continuous yield, so that forward = spot·e^((rate - yield)·T). Where the source states
   * forwards that forward is the underlying (the yield then equals the rate); without a price of the underlying the yield is taken as 0.
   */
  spot: number;
  dividendYield: number;
}

export function createSliceTerms(): SliceTerms {
  return {
    yearFraction: Number.NaN,
    rate: Number.NaN,
    discountFactor: Number.NaN,
    forward: Number.NaN,
    forwardSource: 'CARRY',
    spot: Number.NaN,
    dividendYield: Number.NaN,
  };
}
