/** What American options of one expiration on one underlying share, computed once; see americanTerms. */
export interface AmericanTerms {
  /** Years to expiration. */
  readonly yearFraction: number;
  readonly rootTime: number;
  /** Continuously compounded, per year. */
  readonly rate: number;
  readonly dividendYield: number;
  /** e^(-rT) */
  readonly discountFactor: number;
  /** e^(-qT) */
  readonly yieldDiscount: number;
  /** Forward over spot, e^((r-q)T). */
  readonly growth: number;
  /** r/(1 - e^(-rT)), which is 1/T for a rate of 0. */
  readonly interestOverDiscount: number;
  /** The last critical prices of call and put, per 1.00 of strike: the next volatility's are near, so the solver starts there. NaN: none yet. */
  readonly lastCritical: Float64Array;
}

/** @param yearFraction > 0 @param rate per year, continuously compounded @param dividendYield per year, continuous */
export function americanTerms(yearFraction: number, rate: number, dividendYield: number): AmericanTerms {
  return {
    yearFraction,
    rootTime: Math.sqrt(yearFraction),
    rate,
    dividendYield,
    discountFactor: Math.exp(-rate * yearFraction),
    yieldDiscount: Math.exp(-dividendYield * yearFraction),
    growth: Math.exp((rate - dividendYield) * yearFraction),
    interestOverDiscount: rate === 0 ? 1 / yearFraction : rate / -Math.expm1(-rate * yearFraction),
    lastCritical: new Float64Array(2).fill(Number.NaN),
  };
}
