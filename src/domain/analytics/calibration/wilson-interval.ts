/** Φ⁻¹(0.975). */
const Z = 1.959_963_984_540_054;

/**
 * Where a share lies with 95 % confidence: the score interval of Wilson (1927), which stays within 0 and 1 and is fair for few trials.
 *
 * @param trials 1 or more
 */
export function wilsonInterval(successes: number, trials: number): { readonly lower: number; readonly upper: number } {
  const share = successes / trials;
  const denominator = 1 + (Z * Z) / trials;
  const centre = (share + (Z * Z) / (2 * trials)) / denominator;
  const half = (Z / denominator) * Math.sqrt((share * (1 - share)) / trials + (Z * Z) / (4 * trials * trials));
  return { lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) };
}
