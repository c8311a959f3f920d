import { median } from 'simple-statistics';

/** Where the mean of a series changed. */
export interface ChangePoint {
  /** First value of the new mean, into the values. */
  readonly index: number;
  readonly meanBefore: number;
  readonly meanAfter: number;
  /** The difference in standard deviations of the noise. */
  readonly size: number;
}

export interface ChangePointSettings {
  /** What one more change must save in squared deviations, in variances of the noise; by default 3·ln(n), and more where values depend on those before. */
  readonly penalty?: number;
  /** Fewest values between changes. */
  readonly minimumLength?: number;
}

/** A change and its time are two parameters more, and the time is one of n: the modified BIC of Zhang & Siegmund (2007) comes to about this per change. */
const PENALTY_PER_LOG = 3;
/** Of a random walk differences over two steps are √2 of those over one, and nothing is a change; nearer to that the penalty is out of reach anyway. */
const MOST_DEPENDENCE = 0.95;
/** Of a normal distribution: standard deviation / median absolute difference of neighbours. */
const PER_MEDIAN_DIFFERENCE = 1.482_602_218_505_602 / Math.SQRT2;

/**
 * The changes of the mean for which squared deviations and penalties together are least, by PELT: Killick, Fearnhead & Eckley, Optimal Detection of Changepoints With
 * a Linear Computational Cost (2012). The noise is measured by the differences of neighbours, which changes hardly move. Values that depend on the ones before wander
 * without any change of their mean: how much is measured by differences over one and over two steps, as of an autoregression of first order, and the penalty is that
 * of its long-run variance (the idea of Dette, Eckle & Vetter, Multiscale Change Point Detection for Dependent Data, 2020).
 *
 * Yields now and then: where values wander, the time grows with the square of their number, and a caller that shares its thread pauses there.
 *
 * @param values finite, oldest first
 * @returns in order of time; none when neighbours hardly ever differ
 */
export function* changePoints(
  values: readonly number[],
  { penalty, minimumLength = 3 }: ChangePointSettings = {},
): Generator<undefined, ChangePoint[]> {
  const count = values.length;
  if (count < 2 * minimumLength) return [];
  const step = medianDifference(values, 1);
  const noise = step * PER_MEDIAN_DIFFERENCE;
  if (!(noise > 0)) return [];
  const cost = segmentCost(values, noise);
  const dependence = Math.min(MOST_DEPENDENCE, Math.max(0, (medianDifference(values, 2) / step) ** 2 - 1));
  const wandering = (1 + dependence) / (1 - dependence) ** 2;
  const starts = yield* optimalStarts(count, cost, penalty ?? PENALTY_PER_LOG * wandering * Math.log(count), minimumLength);
  return starts.slice(1).map((index, change) => {
    const meanBefore = cost.mean(starts[change]!, index);
    const meanAfter = cost.mean(index, starts[change + 2] ?? count);
    return { index, meanBefore, meanAfter, size: (meanAfter - meanBefore) / noise };
  });
}

function medianDifference(values: readonly number[], lag: number): number {
  return median(values.slice(lag).map((value, index) => Math.abs(value - values[index]!)));
}

interface SegmentCost {
  /** By number of values from the beginning: their sum about `middle`, in units of the noise, and that of their squares. */
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  /** Of the values from..before, in the unit of the values. */
  mean(from: number, before: number): number;
}

function segmentCost(values: readonly number[], noise: number): SegmentCost {
  // About their middle and in units of the noise: sums of squares of large like numbers lose their digits.
  const middle = median(values);
  const sums = new Float64Array(values.length + 1);
  const squares = new Float64Array(values.length + 1);
  for (const [index, value] of values.entries()) {
    const scaled = (value - middle) / noise;
    sums[index + 1] = sums[index]! + scaled;
    squares[index + 1] = squares[index]! + scaled * scaled;
  }
  return { sums, squares, mean: (from, before) => middle + (noise * (sums[before]! - sums[from]!)) / (before - from) };
}

/** Costs of segments that are looked at between two yields: about a millisecond. */
const COSTS_AT_ONCE = 50_000;

/** First value of each segment, beginning with 0. */
function* optimalStarts(count: number, cost: SegmentCost, penalty: number, minimumLength: number): Generator<undefined, number[]> {
  const search = startSearch(count, cost, penalty, minimumLength);
  let looked = 0;
  for (let end = minimumLength; end <= count; end++) {
    looked += search.extend(end);
    if (looked < COSTS_AT_ONCE) continue;
    looked = 0;
    yield;
  }
  const starts: number[] = [];
  for (let end = count; end > 0; end = search.lastStart[end]!) starts.unshift(search.lastStart[end]!);
  return starts;
}

interface StartSearch {
  /** By number of values: where the last segment of the first ones begins. */
  readonly lastStart: Int32Array;
  /** Finds that of the first `end` values; to be called in order. @returns how many beginnings were tried */
  extend(end: number): number;
}

function startSearch(count: number, { sums, squares }: SegmentCost, penalty: number, minimumLength: number): StartSearch {
  /** Least cost of the first values by how many they are. */
  const least = new Float64Array(count + 1).fill(Number.POSITIVE_INFINITY);
  const lastStart = new Int32Array(count + 1);
  least[0] = -penalty;
  /** Where the last segment may begin, ascending. */
  const candidates = new Int32Array(count + 1);
  let held = 1;

  /** Of the first values up to an end when their last segment begins at a start, without its penalty; squared deviations from its mean, in variances of the noise. */
  function costUpTo(start: number, end: number): number {
    const sum = sums[end]! - sums[start]!;
    return least[start]! + Math.max(0, squares[end]! - squares[start]! - (sum * sum) / (end - start));
  }

  return {
    lastStart,
    extend(end) {
      const tried = held;
      let best = Number.POSITIVE_INFINITY;
      for (let candidate = 0; candidate < tried; candidate++) {
        const start = candidates[candidate]!;
        const total = costUpTo(start, end) + penalty;
        if (total >= best) continue;
        best = total;
        lastStart[end] = start;
      }
      least[end] = best;
      // What costs more up to the newest possible beginning, even without the penalty, is never again the beginning of the last segment.
      const next = end - minimumLength + 1;
      const bound = least[next]!;
      let kept = 0;
      for (let candidate = 0; candidate < tried; candidate++) {
        const start = candidates[candidate]!;
        if (next - start < minimumLength || costUpTo(start, next) <= bound) candidates[kept++] = start;
      }
      if (next >= minimumLength) candidates[kept++] = next;
      held = kept;
      return tried;
    },
  };
}
