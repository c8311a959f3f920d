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
 * @param values finite, oldest first
 * @returns in order of time; none when neighbours hardly ever differ
 */
export function changePoints(values: readonly number[], { penalty, minimumLength = 3 }: ChangePointSettings = {}): ChangePoint[] {
  const count = values.length;
  if (count < 2 * minimumLength) return [];
  const step = medianDifference(values, 1);
  const noise = step * PER_MEDIAN_DIFFERENCE;
  if (!(noise > 0)) return [];
  const cost = segmentCost(values, noise);
  const dependence = Math.min(MOST_DEPENDENCE, Math.max(0, (medianDifference(values, 2) / step) ** 2 - 1));
  const wandering = (1 + dependence) / (1 - dependence) ** 2;
  const starts = optimalStarts(count, cost, penalty ?? PENALTY_PER_LOG * wandering * Math.log(count), minimumLength);
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
  /** Of the values from..before, in the unit of the values. */
  mean(from: number, before: number): number;
  /** Their squared deviations from it, in variances of the noise. */
  of(from: number, before: number): number;
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
  return {
    mean: (from, before) => middle + (noise * (sums[before]! - sums[from]!)) / (before - from),
    of(from, before) {
      const sum = sums[before]! - sums[from]!;
      return Math.max(0, squares[before]! - squares[from]! - (sum * sum) / (before - from));
    },
  };
}

/** First value of each segment, beginning with 0. */
function optimalStarts(count: number, cost: SegmentCost, penalty: number, minimumLength: number): number[] {
  /** By number of values: least cost of those, and where their last segment begins. */
  const least = new Float64Array(count + 1).fill(Number.POSITIVE_INFINITY);
  const lastStart = new Int32Array(count + 1);
  least[0] = -penalty;
  let candidates: number[] = [0];
  for (let end = minimumLength; end <= count; end++) {
    for (const start of candidates) {
      const total = least[start]! + cost.of(start, end) + penalty;
      if (total < least[end]!) {
        least[end] = total;
        lastStart[end] = start;
      }
    }
    // What costs more up to the newest possible beginning, even without the penalty, is never again the beginning of the last segment.
    const next = end - minimumLength + 1;
    candidates = candidates.filter((start) => next - start < minimumLength || least[start]! + cost.of(start, next) <= least[next]!);
    if (next >= minimumLength) candidates.push(next);
  }
  const starts: number[] = [];
  for (let end = count; end > 0; end = lastStart[end]!) starts.unshift(lastStart[end]!);
  return starts;
}
