import type { SmoothingShape } from './exponential-smoothing.ts';
import { type FittedSmoothing, fitExponentialSmoothing } from './fit-exponential-smoothing.ts';

/** Of fewer seasons what is chance and what comes again cannot be told apart. */
const LEAST_SEASONS = 4;

/**
 * The model that fits best for its number of parameters, of: level; level and damped trend; each with seasons where there are enough values.
 *
 * Yields after each fit: a caller that shares its thread pauses there.
 */
export function* chooseSmoothing(values: readonly number[], seasonLength: number): Generator<undefined, FittedSmoothing> {
  const lengths = seasonLength > 1 && values.length >= LEAST_SEASONS * seasonLength ? [0, seasonLength] : [0];
  let best: FittedSmoothing | null = null;
  for (const length of lengths) {
    for (const hasTrend of [false, true]) {
      const shape: SmoothingShape = { hasTrend, seasonLength: length };
      const fitted = fitExponentialSmoothing(values, shape);
      if (best === null || fitted.criterion < best.criterion) best = fitted;
      yield;
    }
  }
  return best!;
}
