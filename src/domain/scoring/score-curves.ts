/** 0 at `zero`, 100 at `full`, linear between, kept inside; NaN for NaN. */
export function linearScore(value: number, zero: number, full: number): number {
  return Math.min(100, Math.max(0, (100 * (value - zero)) / (full - zero)));
}

/** 0 for 0 and below, 50 at `half`, towards 100: each further gain counts for less, so that one absurd number cannot carry a candidate. NaN for NaN. */
export function saturatingScore(value: number, half: number): number {
  const gain = Math.max(0, value);
  return (100 * gain) / (gain + half);
}

/** 50 at 0, 75 at `quarter`, 25 at -`quarter`, towards 0 and 100; NaN for NaN. */
export function balancedScore(value: number, quarter: number): number {
  return 50 + (50 * value) / (Math.abs(value) + quarter);
}
