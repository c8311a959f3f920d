/** Which additive parts a model has besides its level. */
export interface SmoothingShape {
  /** A trend that dies away. */
  readonly hasTrend: boolean;
  /** Values per season; 0: none. */
  readonly seasonLength: number;
}

/** In the form of Hyndman, Koehler, Ord & Snyder (2008): each state moves by a share of the one-step error. */
export interface SmoothingParameters {
  /** Of the level, 0 to 1. */
  readonly alpha: number;
  /** Of the trend, 0 to alpha. */
  readonly beta: number;
  /** What is left of the trend after each step, 0 to 1. */
  readonly phi: number;
  /** Of the season, 0 to 1 - alpha. */
  readonly gamma: number;
}

export interface SmoothingState {
  readonly level: number;
  /** Per step. */
  readonly trend: number;
  /** What each season adds, the next one first; empty without seasons. */
  readonly seasons: readonly number[];
}

export interface SmoothedSeries {
  /** Behind the last value. */
  readonly state: SmoothingState;
  /** One-step errors, squared and added up. */
  readonly squaredError: number;
}

/**
 * Runs an additive exponential smoothing over values: ETS(A,N,N), (A,Ad,N), (A,N,A) or (A,Ad,A), the last one Holt-Winters with a damped trend.
 *
 * @param values finite, oldest first
 * @param start state before the first value; seasons empty where the model has none
 */
export function smooth(values: ArrayLike<number>, { alpha, beta, phi, gamma }: SmoothingParameters, start: SmoothingState): SmoothedSeries {
  let { level, trend } = start;
  const seasons = Float64Array.from(start.seasons);
  const length = seasons.length;
  let next = 0;
  let squaredError = 0;
  for (let i = 0; i < values.length; i++) {
    const season = length === 0 ? 0 : seasons[next]!;
    const carried = phi * trend;
    const error = values[i]! - (level + carried + season);
    squaredError += error * error;
    level += carried + alpha * error;
    trend = carried + beta * error;
    if (length > 0) {
      seasons[next] = season + gamma * error;
      next = (next + 1) % length;
    }
  }
  return { state: { level, trend, seasons: [...seasons.subarray(next), ...seasons.subarray(0, next)] }, squaredError };
}

export interface SmoothedStep {
  readonly mean: number;
  /** Standard deviation over that of the one-step errors, 1 or more. */
  readonly deviation: number;
}

/**
 * What the model expects of the next values, and how much less sure each is than the first: variance σ²·(1 + Σ c²), c = α + β·(φ + … + φʲ), and γ more a season later
 * (Hyndman et al. 2008, table 6.1).
 */
export function extrapolate(
  { alpha, beta, phi, gamma }: SmoothingParameters,
  { level, trend, seasons }: SmoothingState,
  steps: number,
): SmoothedStep[] {
  let damping = 0;
  let variance = 1;
  let power = 1;
  return Array.from({ length: steps }, (_step, index) => {
    const deviation = Math.sqrt(variance);
    power *= phi;
    damping += power;
    const isSeasonLater = seasons.length > 0 && (index + 1) % seasons.length === 0;
    const weight = alpha + beta * damping + (isSeasonLater ? gamma : 0);
    variance += weight * weight;
    return { mean: level + damping * trend + (seasons.length === 0 ? 0 : seasons[index % seasons.length]!), deviation };
  });
}
