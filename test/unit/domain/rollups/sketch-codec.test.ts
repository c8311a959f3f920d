import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binOf, valueOfBin } from '../../../../src/domain/rollups/sketch-bin.ts';
import { decodeSketch, encodeSketch } from '../../../../src/domain/rollups/sketch-codec.ts';

function decoded(bytes: Uint8Array): [number, number][] {
  const bins: [number, number][] = [];
  decodeSketch(bytes, (bin, count) => bins.push([bin, count]));
  return bins;
}

const bin = fc.oneof(fc.integer({ min: -80_000, max: 80_000 }), fc.integer({ min: 39_900, max: 40_100 }));
const count = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));

describe('a sketch in bytes', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(bin, count), { selector: ([number]) => number, maxLength: 600 }), (pairs) => {
        const sorted = pairs.toSorted(([left], [right]) => left - right);
        const bytes = encodeSketch(
          sorted.map(([number]) => number),
          sorted.map(([, values]) => values),
        );
        expect(decoded(bytes)).toEqual(sorted);
      }),
    );
  });

  it('takes two bytes or less for a bin near the one before that has one value', () => {
    const bins = Array.from({ length: 1_000 }, (_, index) => 40_000 + 3 * index);
    expect(
      encodeSketch(
        bins,
        bins.map(() => 1),
      ).length,
    ).toBeLessThan(1_010);
  });

  it('is refused when it is of another version or cut off', () => {
    const bytes = encodeSketch([-5, 40_000], [2, 1_000]);
    expect(() => decoded(bytes.subarray(0, -1))).toThrow('expected another byte');
    expect(() => decoded(Uint8Array.of(9))).toThrow('version 1');
    expect(() => decoded(new Uint8Array())).toThrow('version 1');
  });
});

describe('bins', () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true });

  it('are in the order of values', () => {
    fc.assert(
      fc.property(value, value, (left, right) => {
        expect(binOf(Math.min(left, right))).toBeLessThanOrEqual(binOf(Math.max(left, right)));
      }),
    );
  });

  it('stand for a value that is off by one percent at most', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e300, max: 1e300, noNaN: true }), (given) => {
        // Below this numbers have fewer digits.
        if (Math.abs(given) < 1e-300) return;
        expect(Math.abs(valueOfBin(binOf(given)) - given)).toBeLessThanOrEqual(0.01000001 * Math.abs(given));
      }),
    );
    expect(valueOfBin(binOf(0))).toBe(0);
  });
});
