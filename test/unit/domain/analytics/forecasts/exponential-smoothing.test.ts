import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extrapolate, smooth } from '../../../../../src/domain/analytics/forecasts/exponential-smoothing.ts';
import { fitExponentialSmoothing } from '../../../../../src/domain/analytics/forecasts/fit-exponential-smoothing.ts';
import { project } from '../../../../../src/domain/analytics/forecasts/project.ts';
import { seededRandom } from '../../../../support/seeded-random.ts';

/**
 * Oil production of Saudi Arabia, 1996 to 2013, million tonnes: Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 2nd edition, section 7.1, with
 * alpha 0.83, first level 446.6 and R's ses().
 */
const OIL = [
  445.36, 453.2, 454.41, 422.38, 456.04, 440.39, 425.19, 486.21, 500.43, 521.28, 508.95, 488.89, 509.87, 456.72, 473.82, 525.95, 549.83,
  542.34,
];

describe('simple exponential smoothing', () => {
  const fitted = fitExponentialSmoothing(OIL, { hasTrend: false, seasonLength: 0 });

  it('finds the parameters of the textbook', () => {
    expect(fitted.parameters.alpha).toBeCloseTo(0.834, 2);
    expect(fitted.deviation).toBeCloseTo(29.83, 1);
  });

  it('forecasts as R does, with its intervals', () => {
    const points = project(fitted, 5);
    const published = [
      [542.6806, 504.4541, 580.907, 484.2183, 601.1429],
      [542.6806, 492.9073, 592.4539, 466.5589, 618.8023],
      [542.6806, 483.5747, 601.7864, 452.286, 633.0752],
      [542.6806, 475.5269, 609.8343, 439.9778, 645.3834],
      [542.6806, 468.3452, 617.0159, 428.9945, 656.3667],
    ];
    for (const [index, { value, lower80, upper80, lower95, upper95 }] of points.entries()) {
      for (const [column, got] of [value, lower80, upper80, lower95, upper95].entries()) {
        expect(Math.abs(got - published[index]![column]!)).toBeLessThan(0.2);
      }
    }
  });
});

describe('a fit', () => {
  it('has no larger error than any other parameters tried', () => {
    const random = seededRandom(3);
    const values = Array.from({ length: 60 }, (_, index) => Math.sin(index / 5) * 4 + random() * 3);
    const { deviation } = fitExponentialSmoothing(values, { hasTrend: false, seasonLength: 0 });
    const squared = deviation ** 2 * (values.length - 2);
    for (let alpha = 0.01; alpha < 1; alpha += 0.01) {
      const tried = smooth(values, { alpha, beta: 0, phi: 1, gamma: 0 }, { level: values[0]!, trend: 0, seasons: [] });
      expect(squared).toBeLessThanOrEqual(tried.squaredError + 1e-6);
    }
  });

  it('sees seasons that come again, and a trend', () => {
    const random = seededRandom(5);
    const week = [0, 3, -2, 5, -6];
    const values = Array.from({ length: 80 }, (_, index) => 100 + 0.5 * index + week[index % 5]! + 0.2 * random());
    const fitted = fitExponentialSmoothing(values, { hasTrend: true, seasonLength: 5 });
    const [next] = project(fitted, 1);
    expect(Math.abs(next!.value - (100 + 0.5 * 80 + week[0]!))).toBeLessThan(1);
    expect(fitted.criterion).toBeLessThan(fitExponentialSmoothing(values, { hasTrend: true, seasonLength: 0 }).criterion);
    expect(fitted.state.seasons).toHaveLength(5);
  });

  it('does not mind the unit', () => {
    const shape = { hasTrend: true, seasonLength: 0 };
    const fitted = project(fitExponentialSmoothing(OIL, shape), 3);
    const scaled = project(
      fitExponentialSmoothing(
        OIL.map((value) => value * 1_000 - 5_000),
        shape,
      ),
      3,
    );
    for (const [index, { value, upper95 }] of fitted.entries()) {
      expect(scaled[index]!.value).toBeCloseTo(value * 1_000 - 5_000, 3);
      expect(scaled[index]!.upper95).toBeCloseTo(upper95 * 1_000 - 5_000, 3);
    }
  });
});

it('each step is less sure than the one before, by the variance that simulated errors have', () => {
  const parameters = { alpha: 0.4, beta: 0.1, phi: 0.9, gamma: 0.2 };
  const state = { level: 10, trend: 0.5, seasons: [1, -1, 0] };
  const steps = extrapolate(parameters, state, 7);
  const random = seededRandom(17);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const runs = 4_000;
  const sums = steps.map(() => [0, 0] as [number, number]);
  for (let run = 0; run < runs; run++) {
    let { level, trend } = state;
    const seasons = [...state.seasons];
    for (let step = 0; step < steps.length; step++) {
      const mean = level + parameters.phi * trend + seasons[step % 3]!;
      const error = normal();
      const distance = mean + error - steps[step]!.mean;
      sums[step]![0] += distance;
      sums[step]![1] += distance * distance;
      level += parameters.phi * trend + parameters.alpha * error;
      trend = parameters.phi * trend + parameters.beta * error;
      seasons[step % 3]! += parameters.gamma * error;
    }
  }
  for (const [step, { deviation }] of steps.entries()) {
    expect(Math.abs(sums[step]![0] / runs)).toBeLessThan((4 * deviation) / Math.sqrt(runs));
    expect(sums[step]![1] / runs / deviation ** 2).toBeGreaterThan(0.9);
    expect(sums[step]![1] / runs / deviation ** 2).toBeLessThan(1.1);
  }
});

it('smoothing in two parts is smoothing in one', () => {
  const shape = fc.record({
    alpha: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
    beta: fc.constant(0.04),
    phi: fc.constant(0.9),
    gamma: fc.constant(0.03),
  });
  fc.assert(
    fc.property(
      shape,
      fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 30 }),
      fc.nat(30),
      (parameters, values, cut) => {
        const start = { level: 1, trend: 0.1, seasons: [1, 0, -1] };
        const first = smooth(values.slice(0, cut), parameters, start);
        const second = smooth(values.slice(cut), parameters, first.state);
        const whole = smooth(values, parameters, start);
        expect(second.state.level).toBeCloseTo(whole.state.level, 9);
        expect(second.state.seasons.map((season) => season.toFixed(9))).toEqual(whole.state.seasons.map((season) => season.toFixed(9)));
        expect(first.squaredError + second.squaredError).toBeCloseTo(whole.squaredError, 6);
      },
    ),
    { numRuns: 50 },
  );
});
