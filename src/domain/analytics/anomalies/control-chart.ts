/** EWMA control chart. */
export interface ControlChart {
  /** By value: λ·value + (1-λ)·the one before, beginning with the target. */
  readonly averages: readonly number[];
  /** By value: how far the average may lie from the target. */
  readonly limits: readonly number[];
  /** Runs of averages beyond their limits. */
  readonly signals: readonly ControlSignal[];
}

export interface ControlSignal {
  /** First and last value of the run, into the values. */
  readonly fromIndex: number;
  readonly toIndex: number;
  /** Of the run, the average furthest from the target: by how many of its standard deviations. */
  readonly zScore: number;
}

export interface ControlSettings {
  /** What the values are about while nothing has changed. */
  readonly target: number;
  /** Their standard deviation then, > 0. */
  readonly deviation: number;
  /** λ, above 0 and at most 1; small: slow, and sensitive to small lasting changes. Lucas & Saccucci (1990) have 0.2 and less for changes below a deviation. */
  readonly weight?: number;
  /** In standard deviations of the average. */
  readonly width?: number;
}

/**
 * Whether values have left a level, not at once but for good: Roberts (1959), with the exact limits σ·L·√(λ/(2-λ)·(1-(1-λ)^2i)) of Lucas & Saccucci (1990). The
 * values are taken to be independent; those of a metric that goes its own way from day to day will give more signals than chance alone would.
 *
 * @param values finite, oldest first
 */
export function controlChart(values: readonly number[], { target, deviation, weight = 0.2, width = 3 }: ControlSettings): ControlChart {
  if (!(deviation > 0) || !Number.isFinite(target)) return { averages: [], limits: [], signals: [] };
  const signals: ControlSignal[] = [];
  let average = target;
  let kept = 1;
  const limits: number[] = [];
  const averages = values.map((value, index) => {
    average += weight * (value - average);
    kept *= (1 - weight) ** 2;
    const standardError = deviation * Math.sqrt((weight / (2 - weight)) * (1 - kept));
    limits.push(width * standardError);
    const zScore = (average - target) / standardError;
    if (Math.abs(zScore) > width) {
      const last = signals.at(-1);
      if (last?.toIndex === index - 1 && Math.sign(last.zScore) === Math.sign(zScore)) {
        signals[signals.length - 1] = { ...last, toIndex: index, zScore: Math.abs(zScore) > Math.abs(last.zScore) ? zScore : last.zScore };
      } else signals.push({ fromIndex: index, toIndex: index, zScore });
    }
    return average;
  });
  return { averages, limits, signals };
}
