import type { OptionLeg } from '../../results/scan-result.ts';

/** A strike that an opportunity of one day used. */
export interface StrikeSighting {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly right: OptionLeg['right'];
  /** Quote currency per unit. */
  readonly strike: number;
}

/** A strike that opportunities come back to. */
export interface RecurringStrike {
  readonly right: OptionLeg['right'];
  readonly strike: number;
  /** Different days on which an opportunity with it entered. */
  readonly days: number;
  /** Of the days on which any entered, 0 to 1. */
  readonly share: number;
  /** Legs with it. */
  readonly sightings: number;
  readonly lastDay: string;
}

/** Twice is chance. */
const LEAST_DAYS = 3;

/** Strikes of 3 days or more, those of most days first; of equals the one with more sightings, then the lower strike. @param most how many at most */
export function recurringStrikes(sightings: readonly StrikeSighting[], most = 10): RecurringStrike[] {
  const byStrike = new Map<string, { right: OptionLeg['right']; strike: number; days: Set<string>; sightings: number; lastDay: string }>();
  const allDays = new Set<string>();
  for (const { day, right, strike } of sightings) {
    if (!Number.isFinite(strike)) continue;
    allDays.add(day);
    const key = `${right} ${strike}`;
    const entry = byStrike.get(key) ?? { right, strike, days: new Set<string>(), sightings: 0, lastDay: day };
    byStrike.set(key, entry);
    entry.days.add(day);
    entry.sightings++;
    if (day > entry.lastDay) entry.lastDay = day;
  }
  return [...byStrike.values()]
    .filter(({ days }) => days.size >= LEAST_DAYS)
    .map(({ days, ...rest }) => ({ ...rest, days: days.size, share: days.size / allDays.size }))
    .sort((a, b) => b.days - a.days || b.sightings - a.sightings || a.strike - b.strike || (a.right < b.right ? -1 : 1))
    .slice(0, most);
}
