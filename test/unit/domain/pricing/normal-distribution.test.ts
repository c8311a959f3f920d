import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { erfc, erfcx } from '../../../../src/domain/pricing/complementary-error-function.ts';
import { inverseNormalCdf } from '../../../../src/domain/pricing/inverse-normal-cdf.ts';
import { normalCdf, normalPdf } from '../../../../src/domain/pricing/normal-distribution.ts';
import { relativeError } from './relative-error.ts';

// Computed with mpmath at 50 digits, rounded to 17.
const NORMAL: readonly (readonly [z: number, probability: number])[] = [
  [-37, 5.725571222524577e-300],
  [-20, 2.7536241186062337e-89],
  [-10, 7.619853024160525e-24],
  [-5, 2.866515718791939e-7],
  [-2, 0.02275013194817921],
  [-1, 0.15865525393145705],
  [-0.6, 0.2742531177500736],
  [-0.1, 0.460172162722971],
  [0, 0.5],
  [0.25, 0.5987063256829237],
  [1, 0.8413447460685429],
  [3, 0.9986501019683699],
  [8, 0.9999999999999993],
];

const SCALED: readonly (readonly [y: number, value: number])[] = [
  [-26, 7.657724931490568e293],
  [-25.3, 1.943501665395854e278],
  [-19.7, 7.0206201708405035e168],
  [-5, 144009798674.66104],
  [-1, 5.008980080762283],
  [-0.3, 1.4537492328427657],
  [0, 1],
  [0.2, 0.8090195199015807],
  [0.46875, 0.6320696892495561],
  [0.5, 0.6156903441929259],
  [1, 0.427583576155807],
  [3.9, 0.14031418160068973],
  [4.1, 0.13383411641865198],
  [30, 0.01879588886141675],
  [1e8, 5.641895835477562e-9],
];

describe('normal distribution', () => {
  test.each(NORMAL)('N(%d) to the last digits, in the far tail to the conditioning of z', (z, probability) => {
    expect(relativeError(normalCdf(z), probability)).toBeLessThan(2e-16 * Math.max(3, z * z));
  });

  test('the two tails add up to one', () => {
    fc.assert(
      fc.property(fc.double({ min: -40, max: 40, noNaN: true }), (z) => {
        expect(normalCdf(z) + normalCdf(-z)).toBeCloseTo(1, 14);
      }),
    );
  });

  test('N rises and stays within 0 and 1', () => {
    fc.assert(
      fc.property(fc.double({ min: -40, max: 40, noNaN: true }), fc.double({ min: 1e-9, max: 5, noNaN: true }), (z, step) => {
        const low = normalCdf(z);
        const high = normalCdf(z + step);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(high).toBeGreaterThanOrEqual(low);
      }),
    );
  });

  test('limits and the unknown', () => {
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(normalCdf(Number.NaN)).toBeNaN();
    expect(normalPdf(0)).toBeCloseTo(0.3989422804014327, 15);
  });
});

describe('complementary error function', () => {
  test.each(SCALED)('exp(y²)·erfc(y) at %d', (y, value) => {
    expect(relativeError(erfcx(y), value)).toBeLessThan(5e-16);
  });

  test('erfc is the scaled function without its scale', () => {
    for (const y of [-3, -0.4, 0, 0.3, 0.6, 2, 4.5]) expect(relativeError(erfc(y), erfcx(y) * Math.exp(-y * y))).toBeLessThan(1e-14);
  });

  test('the scaled function stops at the largest double', () => {
    expect(erfcx(-27)).toBe(Number.MAX_VALUE);
    expect(erfc(30)).toBe(0);
    expect(erfc(-30)).toBe(2);
  });
});

describe('inverse normal distribution', () => {
  test.each(NORMAL.filter(([z]) => z < 3))('finds z from N(%d)', (z, probability) => {
    expect(Math.abs(inverseNormalCdf(probability) - z)).toBeLessThan(2e-15 * Math.max(1, Math.abs(z)));
  });

  test('limits and values that are no probability', () => {
    expect(inverseNormalCdf(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(inverseNormalCdf(1)).toBe(Number.POSITIVE_INFINITY);
    expect(inverseNormalCdf(-0.1)).toBeNaN();
    expect(inverseNormalCdf(1.1)).toBeNaN();
  });
});
