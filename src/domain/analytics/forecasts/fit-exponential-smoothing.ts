import { mean, median, sampleStandardDeviation } from 'simple-statistics';
import { type SmoothingParameters, type SmoothingShape, type SmoothingState, smooth } from './exponential-smoothing.ts';
import { nelderMead } from './nelder-mead.ts';

export interface FittedSmoothing {
  readonly shape: SmoothingShape;
  readonly parameters: SmoothingParameters;
  /** Behind the last value. */
  readonly state: SmoothingState;
  /** Standard deviation of the one-step errors, parameters discounted; in the unit of the values. */
  readonly deviation: number;
  /** Akaike's criterion for few values; less is better, of the same values only. Infinity: too many parameters for so few values. */
  readonly criterion: number;
}

/** The bounds that R's package forecast keeps to: at their ends a state is never or always replaced. */
const LEAST_SHARE = 1e-4;
const MOST_SHARE = 0.9999;
const DAMPING: readonly [number, number] = [0.8, 0.98];
/** Of the first level and trend, in standard deviations of the values. */
const LEVEL: readonly [number, number] = [-10, 10];
const TREND: readonly [number, number] = [-2, 2];

/**
 * The parameters and the first level and trend for which the one-step errors are least, by bounded search from a usual beginning. First seasons are the medians of
 * what each season differs from a centred mean.
 *
 * @param values finite, not all alike, oldest first; two seasons or more where there are seasons
 */
export function fitExponentialSmoothing(values: readonly number[], shape: SmoothingShape): FittedSmoothing {
  // In standard deviations from the mean: the same bounds and steps for every unit.
  const centre = mean(values);
  const scale = sampleStandardDeviation(values);
  const scaled = Float64Array.from(values, (value) => (value - centre) / scale);
  const seasons = firstSeasons(scaled, shape.seasonLength);
  const layout = layoutOf(scaled, shape, seasons);
  const found = nelderMead((at) => smooth(scaled, layout.parameters(at), layout.start(at)).squaredError, layout.first, layout.bounds);
  const parameters = layout.parameters(found.at);
  const { state, squaredError } = smooth(scaled, parameters, layout.start(found.at));
  // One for each season but one: they add up to the level.
  const free = layout.first.length + Math.max(0, shape.seasonLength - 1);
  return {
    shape,
    parameters,
    state: {
      level: state.level * scale + centre,
      trend: state.trend * scale,
      seasons: state.seasons.map((season) => season * scale),
    },
    deviation: Math.sqrt(squaredError / Math.max(1, values.length - free)) * scale,
    criterion: correctedCriterion(values.length, free + 1, squaredError),
  };
}

function correctedCriterion(count: number, parameters: number, squaredError: number): number {
  if (count - parameters - 1 <= 0) return Number.POSITIVE_INFINITY;
  const fit = count * Math.log(Math.max(squaredError, Number.MIN_VALUE) / count);
  return fit + 2 * parameters + (2 * parameters * (parameters + 1)) / (count - parameters - 1);
}

/** Which number of the search is which parameter. */
interface Layout {
  readonly first: readonly number[];
  readonly bounds: readonly (readonly [number, number])[];
  parameters(at: Float64Array): SmoothingParameters;
  start(at: Float64Array): SmoothingState;
}

function layoutOf(values: Float64Array, { hasTrend, seasonLength }: SmoothingShape, seasons: readonly number[]): Layout {
  const first = [0.5, values[0]! - (seasons[0] ?? 0)];
  const bounds: (readonly [number, number])[] = [[LEAST_SHARE, MOST_SHARE], LEVEL];
  const add = (value: number, bound: readonly [number, number]) => {
    bounds.push(bound);
    return first.push(value) - 1;
  };
  const share: readonly [number, number] = [LEAST_SHARE, MOST_SHARE];
  // Shares of alpha and of what alpha leaves: so every point within the bounds is admissible.
  const beta = hasTrend ? add(0.1, share) : -1;
  const phi = hasTrend ? add(0.95, DAMPING) : -1;
  const trend = hasTrend ? add(0, TREND) : -1;
  const gamma = seasonLength > 0 ? add(0.1, share) : -1;
  return {
    first,
    bounds,
    parameters: (at) => ({
      alpha: at[0]!,
      beta: beta < 0 ? 0 : at[beta]! * at[0]!,
      phi: phi < 0 ? 1 : at[phi]!,
      gamma: gamma < 0 ? 0 : at[gamma]! * (1 - at[0]!),
    }),
    start: (at) => ({ level: at[1]!, trend: trend < 0 ? 0 : at[trend]!, seasons }),
  };
}

/** What each season adds to the centred mean of one season; together 0. */
function firstSeasons(values: Float64Array, length: number): number[] {
  if (length === 0) return [];
  const half = Math.floor(length / 2);
  const rest: number[][] = Array.from({ length }, () => []);
  for (let i = half; i + half < values.length; i++) {
    const window = [...values.subarray(i - half, i + half + 1)];
    // Of an even length both ends are of the same season and count half each.
    const ends = length % 2 === 0 ? (window[0]! + window.at(-1)!) / 2 : 0;
    const level = (window.reduce((sum, value) => sum + value, 0) - ends) / length;
    rest[i % length]!.push(values[i]! - level);
  }
  const seasons = rest.map((each) => (each.length === 0 ? 0 : median(each)));
  const excess = mean(seasons);
  return seasons.map((season) => season - excess);
}
