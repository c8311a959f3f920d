import { DAY_MS } from '../../../domain/calendar/day-number.ts';
import type { LayoutContracts, LayoutSlice } from './chain-layout-columns.ts';
import { randomBits } from './random-bits.ts';
import { uniform } from './uniform.ts';

/** Large positions opened in one contract of an underlying per day, at most; on average half of it. */
const MOST_BURSTS = 4;
/** They go to expirations within this many days, and to the middle half of the strikes. */
const HORIZON_DAYS = 60;

/** Marks the contracts in which somebody takes a large position on a day, how large (up to twice the open interest and some), and when. */
export function placeBursts(key: number, day: number, slices: readonly LayoutSlice[], typical: number, contracts: LayoutContracts): void {
  const near = slices.filter((slice) => slice.expiresAtMs <= (day + HORIZON_DAYS) * DAY_MS && slice.end > slice.first);
  if (near.length === 0) return;
  const dayStream = randomBits(key, day);
  const count = Math.floor(uniform(dayStream, 0) * (MOST_BURSTS + 1));
  for (let burst = 0; burst < count; burst++) {
    const stream = randomBits(dayStream, burst + 1);
    const slice = near[Math.floor(uniform(stream, 0) * near.length)]!;
    const strike = slice.first + Math.floor((0.25 + 0.5 * uniform(stream, 1)) * (slice.end - slice.first));
    const row = 2 * strike + (randomBits(stream, 2) & 1);
    contracts.burstVolume[row] = Math.ceil(2 * uniform(stream, 3) * contracts.openInterest[row]! + 0.5 * typical * uniform(stream, 4));
    contracts.burstAtMs[row] = (day + uniform(stream, 5)) * DAY_MS;
  }
}
