/** Where values tend to, and how sure that is. */
export interface Trend {
  readonly count: number;
  /** Of the least-squares line: units of the values per unit of time. */
  readonly slope: number;
  readonly intercept: number;
  /** Share of the variance that the line explains, 0 to 1; NaN when all values are alike. */
  readonly rSquared: number;
  /** Slope divided by its standard error; Infinity when all values lie on the line. */
  readonly tStatistic: number;
  /** Mann-Kendall's S: pairs that rise less pairs that fall (Mann 1945, Kendall 1975). */
  readonly kendallS: number;
  /** S standardised with continuity correction and correction for ties; beyond ±1.96 a trend with 95 % confidence. */
  readonly kendallZ: number;
}

/**
 * @param times ascending, e.g. days; at least 3
 * @param values finite, one per time
 * @returns null with fewer than 3 values, or when all times are alike
 */
export function trendOf(times: Float64Array, values: Float64Array): Trend | null {
  const count = values.length;
  if (count < 3) return null;
  const meanTime = mean(times);
  const meanValue = mean(values);
  let timeSquares = 0;
  let valueSquares = 0;
  let products = 0;
  for (let i = 0; i < count; i++) {
    const time = times[i]! - meanTime;
    const value = values[i]! - meanValue;
    timeSquares += time * time;
    valueSquares += value * value;
    products += time * value;
  }
  if (timeSquares === 0) return null;
  const slope = products / timeSquares;
  const residual = Math.max(0, valueSquares - slope * products);
  const standardError = Math.sqrt(residual / (count - 2) / timeSquares);
  return {
    count,
    slope,
    intercept: meanValue - slope * meanTime,
    rSquared: valueSquares === 0 ? Number.NaN : 1 - residual / valueSquares,
    tStatistic: slope === 0 ? 0 : slope / standardError,
    ...mannKendall(values),
  };
}

function mannKendall(values: Float64Array): { kendallS: number; kendallZ: number } {
  const count = values.length;
  const rising = risingPairs(values);
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  let variance = count * (count - 1) * (2 * count + 5);
  for (const size of ties.values()) variance -= size * (size - 1) * (2 * size + 5);
  const corrected = rising - Math.sign(rising);
  return { kendallS: rising, kendallZ: variance === 0 ? 0 : corrected / Math.sqrt(variance / 18) };
}

/** Up to this many values all pairs are tried sooner than a tree is grown. */
const FEW_VALUES = 100;

/** Pairs that rise less pairs that fall. */
function risingPairs(values: Float64Array): number {
  if (values.length > FEW_VALUES) return risingPairsByRank(values);
  let rising = 0;
  for (let i = 1; i < values.length; i++) for (let j = 0; j < i; j++) rising += Math.sign(values[i]! - values[j]!);
  return rising;
}

/** The same in n·log(n), by a tree of how many values so far have which rank (Fenwick 1994). */
function risingPairsByRank(values: Float64Array): number {
  const distinct = values.toSorted().filter((value, index, sorted) => index === 0 || value !== sorted[index - 1]);
  const ranks = new Map(Array.from(distinct, (value, index) => [value, index + 1]));
  const counts = new Int32Array(distinct.length + 1);
  const upTo = (rank: number): number => {
    let count = 0;
    for (let at = rank; at > 0; at -= at & -at) count += counts[at]!;
    return count;
  };
  let rising = 0;
  for (const [before, value] of values.entries()) {
    const rank = ranks.get(value)!;
    rising += upTo(rank - 1) - (before - upTo(rank));
    for (let at = rank; at < counts.length; at += at & -at) counts[at]!++;
  }
  return rising;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
