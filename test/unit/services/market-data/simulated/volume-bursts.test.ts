import { expect, it } from 'vitest';
import { DAY_MS } from '../../../../../src/domain/calendar/day-number.ts';
import { allocateContracts, type LayoutSlice } from '../../../../../src/services/market-data/simulated/chain-layout-columns.ts';
import { placeBursts } from '../../../../../src/services/market-data/simulated/volume-bursts.ts';

const DAY = 20_777;
function slices(day: number): { near: LayoutSlice; far: LayoutSlice } {
  return {
    near: { root: 'AAPL', date: '2026-12-18', expiresAtMs: (day + 28) * DAY_MS, first: 0, end: 40 },
    far: { root: 'AAPL', date: '2027-06-17', expiresAtMs: (day + 209) * DAY_MS, first: 40, end: 80 },
  };
}

function burstsOf(day: number): { row: number; volume: number; atMs: number }[] {
  const contracts = allocateContracts(160);
  contracts.openInterest.fill(1000);
  const { near, far } = slices(day);
  placeBursts(5, day, [near, far], 2000, contracts);
  return [...contracts.burstVolume].flatMap((volume, row) => (volume > 0 ? [{ row, volume, atMs: contracts.burstAtMs[row]! }] : []));
}

it('places none to four large positions a day, two on average, within the day and in near expirations', () => {
  const days = Array.from({ length: 300 }, (_, i) => DAY - i);
  const bursts = days.flatMap((day) => burstsOf(day).map((burst) => ({ ...burst, day })));
  expect(bursts.length / days.length).toBeGreaterThan(1.6);
  expect(bursts.length / days.length).toBeLessThan(2.3);
  expect(Math.max(...days.map((day) => burstsOf(day).length))).toBe(4);
  for (const { row, volume, atMs, day } of bursts) {
    expect(row).toBeLessThan(80);
    expect(volume).toBeLessThanOrEqual(3000);
    expect(Math.floor(atMs / DAY_MS)).toBe(day);
  }
  expect(burstsOf(DAY)).toEqual(burstsOf(DAY));
});

it('places none where nothing expires soon', () => {
  const contracts = allocateContracts(160);
  placeBursts(5, DAY, [slices(DAY).far], 2000, contracts);
  expect(contracts.burstVolume.every((volume) => volume === 0)).toBe(true);
});
