import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChangePoint, type ChangePointSettings, changePoints } from '../../../../../src/domain/analytics/anomalies/change-points.ts';
import { finish } from '../../../../support/finish.ts';
import { seededRandom } from '../../../../support/seeded-random.ts';

/** Yearly flow of the Nile at Aswan, 1871 to 1970, 10⁸ m³ (Cobb 1978; R's datasets::Nile). */
const NILE = [
  1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140, 1100, 1210, 1150, 1250,
  1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821,
  768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860,
  874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
];

function changesOf(values: readonly number[], settings?: ChangePointSettings): ChangePoint[] {
  return finish(changePoints(values, settings));
}

describe('change points', () => {
  it('find the one of the Nile, after 1898 (Cobb 1978)', () => {
    expect(NILE.reduce((sum, flow) => sum + flow, 0) / 100).toBe(919.35);
    const found = changesOf(NILE);
    expect(found.map(({ index }) => 1871 + index)).toEqual([1899]);
    expect(found[0]!.meanBefore).toBeCloseTo(1097.75, 2);
    expect(found[0]!.meanAfter).toBeCloseTo(849.97, 2);
    expect(found[0]!.size).toBeLessThan(-1.5);
  });

  it('have the least cost of all ways to cut the values (by trying all)', () => {
    const value = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 6, maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        fc.double({ min: 0.5, max: 8, noNaN: true }),
        (values, minimumLength, penalty) => {
          const noise = noiseOf(values);
          fc.pre(noise > 0 && values.length >= 2 * minimumLength);
          const found = changesOf(values, { penalty, minimumLength }).map(({ index }) => index);
          const cost = (cuts: readonly number[]) => costOf(values, [0, ...cuts, values.length], noise) + penalty * cuts.length;
          const least = Math.min(...allCuts(values.length, minimumLength).map(cost));
          expect(cost(found)).toBeCloseTo(least, 6);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('are hardly ever seen in noise', () => {
    let changed = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const random = seededRandom(seed);
      const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      if (changesOf(Array.from({ length: 100 }, normal)).length > 0) changed++;
    }
    expect(changed).toBeLessThanOrEqual(5);
  });

  it('are seldom seen in what depends on the value before without a change of its mean', () => {
    let changed = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const random = seededRandom(seed);
      let value = 0;
      const walk = Array.from({ length: 200 }, () => {
        value = 0.5 * value + random() - 0.5;
        return value;
      });
      if (changesOf(walk).length > 0) changed++;
    }
    // Without regard to that there would be one in two of three.
    expect(changed).toBeLessThanOrEqual(12);
  });

  it('are looked for in steps, as many as there are pairs of values to try', () => {
    const random = seededRandom(3);
    // Without any change no beginning of a segment can be left out.
    const noise = Array.from({ length: 1_440 }, () => random());
    let steps = 0;
    for (const search = changePoints(noise); !search.next().done; ) steps++;
    expect(steps).toBeGreaterThan(15);
  });

  it.each([
    ['no value', []],
    ['one value', [1]],
    ['a constant', Array(50).fill(3)],
    ['a constant of a size that squares lose', Array(50).fill(1e15)],
  ])('are none in %s', (_what, values) => {
    expect(changesOf(values)).toEqual([]);
  });
});

function noiseOf(values: readonly number[]): number {
  const steps = values
    .slice(1)
    .map((value, index) => Math.abs(value - values[index]!))
    .sort((a, b) => a - b);
  const middle = (steps.length - 1) / 2;
  return (((steps[Math.floor(middle)]! + steps[Math.ceil(middle)]!) / 2) * 1.482_602_218_505_602) / Math.SQRT2;
}

function costOf(values: readonly number[], edges: readonly number[], noise: number): number {
  let cost = 0;
  for (let i = 1; i < edges.length; i++) {
    const segment = values.slice(edges[i - 1], edges[i]);
    const mean = segment.reduce((sum, value) => sum + value, 0) / segment.length;
    for (const value of segment) cost += ((value - mean) / noise) ** 2;
  }
  return cost;
}

function allCuts(count: number, minimumLength: number, from = 0): number[][] {
  const cuts: number[][] = [[]];
  for (let cut = from + minimumLength; cut <= count - minimumLength; cut++) {
    for (const rest of allCuts(count, minimumLength, cut)) cuts.push([cut, ...rest]);
  }
  return cuts;
}
