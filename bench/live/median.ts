export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** @param share 0 to 1; 1 is the greatest value */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
