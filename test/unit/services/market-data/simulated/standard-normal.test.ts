import { expect, it } from 'vitest';
import { standardNormal } from '../../../../../src/services/market-data/simulated/standard-normal.ts';

it('draws variates with the moments of the normal distribution', () => {
  const count = 100_000;
  const moments = [0, 0, 0, 0];
  for (let counter = 0; counter < count; counter++) {
    const z = standardNormal(3, counter);
    for (let power = 0; power < 4; power++) moments[power]! += z ** (power + 1) / count;
  }
  // Deviations of the sample moments: 0.0032, 0.0045, 0.012, 0.031.
  expect(Math.abs(moments[0]!)).toBeLessThan(0.016);
  expect(Math.abs(moments[1]! - 1)).toBeLessThan(0.023);
  expect(Math.abs(moments[2]!)).toBeLessThan(0.06);
  expect(Math.abs(moments[3]! - 3)).toBeLessThan(0.16);
});
