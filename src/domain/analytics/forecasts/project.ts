import { extrapolate } from './exponential-smoothing.ts';
import type { FittedSmoothing } from './fit-exponential-smoothing.ts';
import type { ForecastPoint } from './forecast-point.ts';

/** Φ⁻¹(0.9) and Φ⁻¹(0.975). */
const Z80 = 1.281_551_565_544_600_4;
const Z95 = 1.959_963_984_540_054;

/** The next values as a fitted model expects them, with normal errors. @param outside back to the unit that the values came in, e.g. Math.exp; ascending */
export function project(fitted: FittedSmoothing, steps: number, outside: (value: number) => number = (value) => value): ForecastPoint[] {
  return extrapolate(fitted.parameters, fitted.state, steps).map(({ mean, deviation }, index) => {
    const error = fitted.deviation * deviation;
    return {
      step: index + 1,
      value: outside(mean),
      lower80: outside(mean - Z80 * error),
      upper80: outside(mean + Z80 * error),
      lower95: outside(mean - Z95 * error),
      upper95: outside(mean + Z95 * error),
    };
  });
}
