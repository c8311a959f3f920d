/** More digits than any quote carries: the rest is noise of floating point (2.15 - 1.1 = 1.0499999999999998). */
const SIGNIFICANT_DIGITS = 10;

/** Where a value leaves the columns: what is not a finite number is unknown, null; noise behind the tenth significant digit is rounded away. */
export function knownOrNull(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(SIGNIFICANT_DIGITS)) : null;
}
