import { describe, expect, test } from 'vitest';
import { blackOverVega, normalisedBlack, normalisedVega } from '../../../../src/domain/pricing/normalised-black.ts';
import { relativeError } from './relative-error.ts';

// N(x/s + s/2)·e^(x/2) - N(x/s - s/2)·e^(-x/2), computed with mpmath at 50 digits, rounded to 17.
const VALUES: readonly (readonly [x: number, s: number, price: number])[] = [
  [0, 1e-8, 3.989422804014327e-9],
  [0, 0.02, 0.007978712629263208],
  [0, 0.39, 0.15460705237869024],
  [0, 1, 0.38292492254802624],
  [0, 10, 0.9999994266968563],
  [-0.0001, 0.001, 0.0003509353148112489],
  [-0.01, 0.03, 0.007626690666192714],
  [-0.05, 0.05, 0.004164947292256312],
  [-0.1, 0.2, 0.039458602641807],
  [-0.1, 0.45, 0.13252756056461534],
  [-0.3, 0.07, 1.356967078642263e-7],
  [-0.3, 0.5, 0.08293164422153895],
  [-1, 0.1, 7.465397611568617e-26],
  [-1, 2, 0.3092467290351375],
  [-3, 0.38, 6.675136020083791e-17],
  [-3, 6, 0.22070202532886493],
  [-10, 1, 6.611749177891193e-25],
  [-50, 12, 1.3323856614837454e-11],
];

describe('normalised Black price', () => {
  test.each(VALUES)('b(%d, %d) to its conditioning', (x, s, price) => {
    const h = x / s;
    expect(relativeError(normalisedBlack(x, s), price)).toBeLessThan(2e-15 * Math.max(1, h * h));
  });

  test.each(VALUES.filter(([x, s]) => x / s + s / 2 < 5))('price over vega agrees with both at (%d, %d)', (x, s, price) => {
    expect(relativeError(blackOverVega(x / s, s / 2) * normalisedVega(x, s), price)).toBeLessThan(4e-15 * Math.max(1, (x / s) ** 2));
  });

  test('vega is the slope of the price', () => {
    for (const [x, s] of VALUES.filter(([, s]) => s >= 0.02)) {
      const step = 1e-5 * s;
      const slope = (normalisedBlack(x, s + step) - normalisedBlack(x, s - step)) / (2 * step);
      expect(relativeError(slope, normalisedVega(x, s))).toBeLessThan(1e-5);
    }
  });

  test('without deviation there is no time value, and a negative one is no number', () => {
    expect(normalisedBlack(-0.1, 0)).toBe(0);
    expect(normalisedBlack(-0.1, -0.1)).toBeNaN();
    expect(normalisedBlack(-0.1, Number.NaN)).toBeNaN();
    expect(normalisedBlack(-1, 1e-3)).toBe(0);
  });
});
