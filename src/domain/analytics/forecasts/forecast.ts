import { type BackTest, backTest } from './back-test.ts';
import { chooseSmoothing } from './choose-smoothing.ts';
import type { SmoothingParameters, SmoothingShape } from './exponential-smoothing.ts';
import type { ForecastPoint } from './forecast-point.ts';
import { project } from './project.ts';

/** TOO_LITTLE_HISTORY: fewer than 30 values, or too few for a back-test of this horizon. CONSTANT: all values are alike, or have been for too long. */
export const FORECAST_REFUSALS = ['TOO_LITTLE_HISTORY', 'CONSTANT'] as const;
export type ForecastRefusalReason = (typeof FORECAST_REFUSALS)[number];

export interface Forecast {
  readonly kind: 'forecast';
  readonly points: readonly ForecastPoint[];
  readonly shape: SmoothingShape;
  readonly parameters: SmoothingParameters;
  /** Whether the logarithms were forecast: where all values are above 0, so that no interval reaches below it. */
  readonly isLogarithmic: boolean;
  /** Values it rests on. */
  readonly values: number;
  /** How wrong it would have been so far. */
  readonly backTest: BackTest;
}

export interface ForecastRefusal {
  readonly kind: 'refusal';
  readonly reason: ForecastRefusalReason;
  readonly message: string;
}

/** A model of five parameters on fewer values fits chance. */
export const LEAST_FORECAST_VALUES = 30;
/** Known before the first origin of the back-test. */
const LEAST_KNOWN = 20;

/**
 * The next values by exponential smoothing, with intervals, and the error that the same procedure has made before.
 *
 * Yields after each fit: a caller that shares its thread pauses there.
 *
 * @param values finite, evenly spaced, oldest first
 * @param horizon steps, 1 or more
 * @param seasonLength values per season, e.g. 5 trading days; 0: none
 */
export function* forecast(
  values: readonly number[],
  horizon: number,
  seasonLength: number,
): Generator<undefined, Forecast | ForecastRefusal> {
  const needed = Math.max(LEAST_FORECAST_VALUES, LEAST_KNOWN + horizon, 2 * horizon);
  if (values.length < needed) {
    return {
      kind: 'refusal',
      reason: 'TOO_LITTLE_HISTORY',
      message: `expected ${needed} market days in a row or more to forecast ${horizon}, got ${values.length}`,
    };
  }
  if (values.every((value) => value === values[0])) return CONSTANT;
  const isLogarithmic = values.every((value) => value > 0);
  const inside = isLogarithmic ? Math.log : (value: number) => value;
  const outside = isLogarithmic ? Math.exp : (value: number) => value;
  const tested = yield* backTest(values, { horizon, seasonLength, leastValues: LEAST_KNOWN }, inside, outside);
  if (tested === null) return CONSTANT;
  const fitted = yield* chooseSmoothing(values.map(inside), seasonLength);
  return {
    kind: 'forecast',
    points: project(fitted, horizon, outside),
    shape: fitted.shape,
    parameters: fitted.parameters,
    isLogarithmic,
    values: values.length,
    backTest: tested,
  };
}

const CONSTANT: ForecastRefusal = {
  kind: 'refusal',
  reason: 'CONSTANT',
  message: 'expected values that differ, got one value all the time',
};
