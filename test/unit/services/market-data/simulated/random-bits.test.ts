import { describe, expect, it } from 'vitest';
import { randomBits } from '../../../../../src/services/market-data/simulated/random-bits.ts';
import { randomKey } from '../../../../../src/services/market-data/simulated/random-key.ts';
import { uniform } from '../../../../../src/services/market-data/simulated/uniform.ts';

const COUNT = 1 << 16;

describe('random bits', () => {
  it('are the same in every run', () => {
    expect([0, 1, 2, 4_294_967_295].map((counter) => randomBits(1, counter))).toEqual([
      4_168_953_338, 2_374_916_537, 3_255_822_967, 1_000_294_375,
    ]);
    expect(randomKey(1, 'SPX')).toBe(3_247_805_904);
  });

  it('do not repeat within a stream', () => {
    const seen = new Set(Array.from({ length: COUNT }, (_, counter) => randomBits(7, counter)));
    expect(seen.size).toBe(COUNT);
  });

  it.each([0, 1, 2, 0x9e3779b9, 0xffffffff])('fall evenly into 256 bins in the stream %i (chi square, 255 degrees)', (key) => {
    for (const shift of [0, 12, 24]) {
      const bins = Array.from({ length: 256 }, () => 0);
      for (let counter = 0; counter < COUNT; counter++) bins[(randomBits(key, counter) >>> shift) & 0xff]! += 1;
      const expected = COUNT / 256;
      const chiSquare = bins.reduce((sum, observed) => sum + (observed - expected) ** 2 / expected, 0);
      // Mean 255, deviation √510 = 22.6: five deviations.
      expect(Math.abs(chiSquare - 255)).toBeLessThan(113);
    }
  });

  it('have nothing to do with the next place, nor with the same place in the next stream', () => {
    let nextPlace = 0;
    let nextStream = 0;
    for (let counter = 0; counter < COUNT; counter++) {
      const here = uniform(5, counter) - 0.5;
      nextPlace += here * (uniform(5, counter + 1) - 0.5);
      nextStream += here * (uniform(6, counter) - 0.5);
    }
    // A correlation of n independent pairs has a deviation of 1/√n = 0.0039; the variance of a uniform variate is 1/12.
    expect(Math.abs((12 * nextPlace) / COUNT)).toBeLessThan(0.02);
    expect(Math.abs((12 * nextStream) / COUNT)).toBeLessThan(0.02);
  });

  it('turn half their bits when one bit of the key or of the counter changes', () => {
    let turned = 0;
    let pairs = 0;
    for (let counter = 0; counter < 512; counter++) {
      for (let bit = 0; bit < 32; bit++) {
        turned += bitCount(randomBits(99, counter) ^ randomBits(99, counter ^ (1 << bit)));
        turned += bitCount(randomBits(99, counter) ^ randomBits(99 ^ (1 << bit), counter));
        pairs += 2;
      }
    }
    expect(turned / pairs).toBeCloseTo(16, 0);
  });
});

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits >>> 0; rest !== 0; rest >>>= 1) count += rest & 1;
  return count;
}
