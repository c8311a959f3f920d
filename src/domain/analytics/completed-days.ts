import { DAY_MS, parseDate } from '../calendar/day-number.ts';
import { usCloseMs } from '../calendar/expiration-moment.ts';
import type { UnderlyingKind } from '../chain/underlying-profile.ts';
import type { UnderlyingDay } from './underlying-day.ts';

/** Index options trade this much longer than stocks (Cboe). */
const INDEX_EXTENSION_MS = 15 * 60_000;

/**
 * The days whose numbers are final: all but the last one, while its session may still go on. A day's volume at noon is no dry-up.
 *
 * @param days oldest first
 * @param nowMs epoch milliseconds
 */
export function completedDays(days: readonly UnderlyingDay[], kind: UnderlyingKind, nowMs: number): readonly UnderlyingDay[] {
  const last = days.at(-1);
  return last === undefined || nowMs >= endOfDayMs(last.day, kind) ? days : days.slice(0, -1);
}

function endOfDayMs(day: string, kind: UnderlyingKind): number {
  const number = parseDate(day);
  if (number === null) return Number.POSITIVE_INFINITY;
  if (kind === 'CRYPTO') return (number + 1) * DAY_MS;
  return usCloseMs(number) + (kind === 'INDEX' ? INDEX_EXTENSION_MS : 0);
}
