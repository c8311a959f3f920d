/** Neighbours on each side that a strike is fitted with. A parabola over seven strikes keeps the curvature of a smile and averages single quotes out. */
const REACH = 3;
/** A parabola has three parameters: fewer points than this would only repeat the quotes. */
const FEWEST_NODES = 5;
/** Below this share of the diagonal's product the points that carry weight do not determine a parabola. */
const SMALLEST_DETERMINANT = 1e-12;

/**
 * Local quadratic regression of volatility on strike (Savitzky & Golay 1964, for uneven steps and weights): each strike gets the value of the parabola through
 * itself and its neighbours. What a quote differs from it by is the part of its price that its neighbours do not confirm.
 *
 * @param strikes ascending, `count` of them
 * @param weights ≥ 0, by strike
 * @param smoothed receives `count` values; NaN where the fit is not determined
 */
export function smoothVolatilities(
  strikes: Float64Array,
  quoted: Float64Array,
  weights: Float64Array,
  count: number,
  smoothed: Float64Array,
): void {
  if (count < FEWEST_NODES) {
    smoothed.fill(Number.NaN, 0, count);
    return;
  }
  const window = Math.min(count, 2 * REACH + 1);
  for (let node = 0; node < count; node++) {
    const first = Math.max(0, Math.min(node - REACH, count - window));
    smoothed[node] = parabolaAt(node, first, first + window, strikes, quoted, weights);
  }
}

function parabolaAt(node: number, first: number, end: number, strikes: Float64Array, quoted: Float64Array, weights: Float64Array): number {
  const center = strikes[node]!;
  const scale = 1 / (strikes[end - 1]! - strikes[first]!);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let s4 = 0;
  let t0 = 0;
  let t1 = 0;
  let t2 = 0;
  for (let i = first; i < end; i++) {
    const x = (strikes[i]! - center) * scale;
    const weight = weights[i]!;
    const wx = weight * x;
    const wxx = wx * x;
    s0 += weight;
    s1 += wx;
    s2 += wxx;
    s3 += wxx * x;
    s4 += wxx * x * x;
    t0 += weight * quoted[i]!;
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
