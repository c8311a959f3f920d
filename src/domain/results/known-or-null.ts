import { roundSignificant } from './round-significant.ts';

/** More digits than any quote carries: the rest is noise of floating point (2.15 - 1.1 = 1.0499999999999998). */
const SIGNIFICANT_DIGITS = 10;

/** A value of at most four decimals below this has at most ten significant digits: six before the point. */
const SHORT_BELOW = 1e6;

/** Where a value leaves the columns: what is not a finite number is unknown, null; noise behind the tenth significant digit is rounded away. */
export function knownOrNull(value: number): number | null {
  // Quotes and counts mostly are as short as they should be; finding that out is far cheaper than writing and reading digits. Adding 0 turns -0 into 0.
  if (Math.abs(value) < SHORT_BELOW && Math.round(value * 1e4) / 1e4 === value) return value + 0;
  return Number.isFinite(value) ? roundSignificant(value, SIGNIFICANT_DIGITS) : null;
}
