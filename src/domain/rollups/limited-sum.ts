/** Sums of the largest numbers there are: better too small than no number at all. */
export function limitedSum(value: number): number {
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));
}
