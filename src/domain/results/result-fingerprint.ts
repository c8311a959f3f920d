import { roundSignificant } from './round-significant.ts';
import type { ScanResultDraft } from './scan-result.ts';

/** The price of the underlying: 4,567.1 for an index, 187.34 for a stock. Finer moves that matter to an option show in its own quotes. */
const UNDERLYING_DIGITS = 5;
/** Contracts: one more lot of 1,234 says nothing. */
const CONTRACTS_DIGITS = 2;
/** Enough for every tick; the rest is noise of floating point. */
const QUOTE_DIGITS = 8;

/**
 * What was observed of a result, in one text: bid and ask of every leg, price of the underlying, volume and open interest, each to so many significant digits.
 * Unknown differs from every number.
 *
 * Nothing that is derived goes in. Volatility, greeks, probabilities, expected move, annualised return and score are functions of these observations and of the time
 * to expiration, so that they move while nothing happens; however coarsely they are rounded, one of some thirty is always about to cross a step, and a market that
 * stands still would be told as news again and again. The same goes for the rank of the volatility, which is interpolated to a constant maturity. What their moving
 * with time may add up to is judged by the score (see DuplicateTracker).
 */
export function resultFingerprint({ legs, metrics }: Pick<ScanResultDraft, 'legs' | 'metrics'>): string {
  const observed = [
    rounded(metrics.underlyingPrice, UNDERLYING_DIGITS),
    rounded(metrics.volume, CONTRACTS_DIGITS),
    rounded(metrics.openInterest, CONTRACTS_DIGITS),
  ];
  for (const leg of legs) if (leg.kind === 'OPTION') observed.push(rounded(leg.bid, QUOTE_DIGITS), rounded(leg.ask, QUOTE_DIGITS));
  // Joined, it is one piece of memory; added up it would stay a tree of some twenty, for as long as it is remembered.
  return observed.join('|');
}

/** Null: unknown, which is joined as nothing. */
function rounded(value: number | null, digits: number): number | null {
  return value === null ? null : roundSignificant(value, digits);
}
