import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundSignificant } from '../../../../src/domain/results/round-significant.ts';

const DIGITS = fc.integer({ min: 1, max: 15 });

describe('roundSignificant', () => {
  it('answers as toPrecision does, for any number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), DIGITS, (value, digits) => {
        expect(roundSignificant(value, digits) + 0).toBe(Number(value.toPrecision(digits)) + 0);
      }),
      { numRuns: 1_000 },
    );
  });

  it('answers as toPrecision does, for amounts', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: -7, max: 4 }), DIGITS, (amount, exponent, digits) => {
        const value = amount * 10 ** exponent;
        expect(roundSignificant(value, digits) + 0).toBe(Number(value.toPrecision(digits)) + 0);
      }),
      { numRuns: 5_000 },
    );
  });

  it('answers as toPrecision does, halfway between two answers and beside it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99_999 }),
        fc.integer({ min: -9, max: 9 }),
        fc.integer({ min: 1, max: 6 }),
        (half, exponent, digits) => {
          const value = Number(`${half}5e${exponent}`);
          for (const near of [value, value * (1 + Number.EPSILON), value * (1 - Number.EPSILON)]) {
            expect(roundSignificant(near, digits)).toBe(Number(near.toPrecision(digits)));
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([1e-9, 1e-5, 0.001, 0.1, 1, 10, 1e9, 999_999.99999999, 9.9999999999e-4])('answers as toPrecision does, for %d', (value) => {
    for (let digits = 1; digits <= 12; digits++) expect(roundSignificant(value, digits)).toBe(Number(value.toPrecision(digits)));
  });
});
