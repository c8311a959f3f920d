import { DAY_MS } from './day-number.ts';

/** act/365: years between two moments (epoch ms) by elapsed time over 365 days; negative when `toMs` is the earlier. */
export function yearFraction(fromMs: number, toMs: number): number {
  return (toMs - fromMs) / (365 * DAY_MS);
}
