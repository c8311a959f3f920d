import { chooseSmoothing } from './choose-smoothing.ts';
import type { ForecastPoint } from './forecast-point.ts';
import { project } from './project.ts';

/** What the same procedure would have said earlier, against what came. Errors in the unit of the values. */
export interface BackTest {
  /** Moments from which was forecast; each time only values before it were known. */
  readonly origins: number;
  /** Forecasts compared with what came. */
  readonly forecasts: number;
  /** Mean absolute error. */
  readonly meanAbsoluteError: number;
  /** Of saying that the last value stays. */
  readonly naiveMeanAbsoluteError: number;
  /** Mean absolute error over the mean distance of neighbours in what was known (Hyndman & Koehler 2006); below 1: better than saying one step ahead that nothing changes. */
  readonly scaledError: number;
  /** Share of what came that lay within the 80 % and the 95 % interval, 0 to 1. */
  readonly coverage80: number;
  readonly coverage95: number;
}

export interface BackTestSettings {
  readonly horizon: number;
  readonly seasonLength: number;
  /** Fewest values that are forecast from. */
  readonly leastValues: number;
}

/** More make the error a little surer, and cost a fit of every model each. */
const MOST_ORIGINS = 12;

interface Tally {
  forecasts: number;
  error: number;
  naive: number;
  scaled: number;
  within80: number;
  within95: number;
}

/**
 * Rolling origin: forecasts from up to 12 moments spread over the later part of the values, each with a model chosen and fitted anew.
 *
 * @param values as they are given out
 * @param inside to what the models work with; @param outside back
 * @returns null when no origin has enough values before and a horizon behind
 */
export function* backTest(
  values: readonly number[],
  { horizon, seasonLength, leastValues }: BackTestSettings,
  inside: (value: number) => number,
  outside: (value: number) => number,
): Generator<undefined, BackTest | null> {
  const tally: Tally = { forecasts: 0, error: 0, naive: 0, scaled: 0, within80: 0, within95: 0 };
  const origins = originsOf(values.length, horizon, leastValues);
  let used = 0;
  for (const origin of origins) {
    const known = values.slice(0, origin);
    const scale = meanStep(known);
    // Were all alike so far, there is nothing to fit and nothing to measure an error by.
    if (!(scale > 0)) continue;
    used++;
    const points = project(yield* chooseSmoothing(known.map(inside), seasonLength), horizon, outside);
    for (const point of points) compare(tally, point, values[origin + point.step - 1]!, known.at(-1)!, scale);
  }
  if (tally.forecasts === 0) return null;
  const { forecasts } = tally;
  return {
    origins: used,
    forecasts,
    meanAbsoluteError: tally.error / forecasts,
    naiveMeanAbsoluteError: tally.naive / forecasts,
    scaledError: tally.scaled / forecasts,
    coverage80: tally.within80 / forecasts,
    coverage95: tally.within95 / forecasts,
  };
}

function compare(
  tally: Tally,
  { value, lower80, upper80, lower95, upper95 }: ForecastPoint,
  came: number,
  last: number,
  scale: number,
): void {
  tally.forecasts++;
  tally.error += Math.abs(came - value);
  tally.naive += Math.abs(came - last);
  tally.scaled += Math.abs(came - value) / scale;
  if (came >= lower80 && came <= upper80) tally.within80++;
  if (came >= lower95 && came <= upper95) tally.within95++;
}

function originsOf(count: number, horizon: number, leastValues: number): number[] {
  const first = Math.max(leastValues, Math.floor(count / 2));
  const last = count - horizon;
  if (last < first) return [];
  const origins = Math.min(MOST_ORIGINS, last - first + 1);
  return Array.from({ length: origins }, (_origin, index) =>
    origins === 1 ? last : first + Math.round((index * (last - first)) / (origins - 1)),
  );
}

function meanStep(values: readonly number[]): number {
  let sum = 0;
  for (let i = 1; i < values.length; i++) sum += Math.abs(values[i]! - values[i - 1]!);
  return sum / (values.length - 1);
}
