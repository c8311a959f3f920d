import type { VolatilitySmile } from './volatility-smile.ts';

/** Neighbours on each side that a strike is fitted with. A parabola over seven strikes keeps the curvature of a smile and averages single quotes out. */
const REACH = 3;
/** A parabola has three parameters: fewer points than this would only repeat the quotes. */
const FEWEST_NODES = 5;
/** Below this share of the diagonal's product the points that carry weight do not determine a parabola. */
const SMALLEST_DETERMINANT = 1e-12;

/**
 * The volatility at a node with the noise of single quotes taken out: the value there of the weighted parabola through the node and its neighbours (local
 * quadratic regression; Savitzky & Golay 1964, for uneven steps). What a quote differs from it by is the part of its price that its neighbours do not confirm.
 *
 * @returns decimal; NaN when there are too few strikes or the fit is not determined
 */
export function smoothedVolatility({ count, strike, quoted, weight }: VolatilitySmile, node: number): number {
  if (count < FEWEST_NODES) return Number.NaN;
  const window = Math.min(count, 2 * REACH + 1);
  const first = Math.max(0, Math.min(node - REACH, count - window));
  const end = first + window;
  const center = strike[node]!;
  const scale = 1 / (strike[end - 1]! - strike[first]!);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let s4 = 0;
  let t0 = 0;
  let t1 = 0;
  let t2 = 0;
  for (let i = first; i < end; i++) {
    const x = (strike[i]! - center) * scale;
    const w = weight[i]!;
    const wx = w * x;
    const wxx = wx * x;
    s0 += w;
    s1 += wx;
    s2 += wxx;
    s3 += wxx * x;
    s4 += wxx * x * x;
    t0 += w * quoted[i]!;
    t1 += wx * quoted[i]!;
    t2 += wxx * quoted[i]!;
  }
  // Cramer's rule for the constant term of the normal equations.
  const m0 = s2 * s4 - s3 * s3;
  const m1 = s1 * s4 - s2 * s3;
  const m2 = s1 * s3 - s2 * s2;
  const determinant = s0 * m0 - s1 * m1 + s2 * m2;
  if (!(determinant > SMALLEST_DETERMINANT * s0 * s2 * s4)) return Number.NaN;
  const volatility = (t0 * m0 - t1 * m1 + t2 * m2) / determinant;
  return volatility > 0 ? volatility : Number.NaN;
}
