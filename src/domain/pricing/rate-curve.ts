/** Riskless interest rates. */
export interface RateCurve {
  /** Continuously compounded rate per year for money lent at that moment (epoch milliseconds, UTC) for that many years. */
  rateAt(atMs: number, yearFraction: number): number;
}

/** The same rate at all times and for all maturities. */
export function flatRateCurve(rate: number): RateCurve {
  return { rateAt: () => rate };
}
