import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tabulatedNormalCdf } from '../../../../src/domain/candidates/tabulated-normal-cdf.ts';
import { normalCdf } from '../../../../src/domain/pricing/normal-distribution.ts';

describe('tabulatedNormalCdf', () => {
  it('is within 2e-9 of the exact distribution', () => {
    fc.assert(
      fc.property(fc.double({ min: -12, max: 12, noNaN: true }), (z) => {
        expect(Math.abs(tabulatedNormalCdf(z) - normalCdf(z))).toBeLessThan(2e-9);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is exact at its nodes and has the limits of the distribution', () => {
    expect(tabulatedNormalCdf(0)).toBe(0.5);
    expect(tabulatedNormalCdf(-6)).toBe(0);
    expect(tabulatedNormalCdf(6)).toBe(1);
    expect(tabulatedNormalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(tabulatedNormalCdf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(tabulatedNormalCdf(Number.NaN)).toBeNaN();
  });
});
