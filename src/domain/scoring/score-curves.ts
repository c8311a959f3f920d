/** 0 at `zero`, 100 at `full`, linear between, kept inside; NaN for NaN. */
export function linearScore(value: number, zero: number, full: number): number {
  return clampScore((value - zero) * (100 / (full - zero)));
}

/** Kept inside 0 to 100; NaN for NaN. Comparisons cost less than Math.min and Math.max here. */
export function clampScore(score: number): number {
  return score > 100 ? 100 : score < 0 ? 0 : score;
}

/** 0 for 0 and below, 50 at `half`, towards 100: each further gain counts for less, so that one absurd number cannot carry a candidate. NaN for NaN. */
export function saturatingScore(value: number, half: number): number {
  return clampScore((100 * value) / (Math.abs(value) + half));
}

/** 50 at 0, 75 at `quarter`, 25 at -`quarter`, towards 0 and 100; NaN for NaN. */
export function balancedScore(value: number, quarter: number): number {
  return clampScore(50 + (50 * value) / (Math.abs(value) + quarter));
}
