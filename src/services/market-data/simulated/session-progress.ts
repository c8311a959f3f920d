import { DAY_MS } from '../../../domain/calendar/day-number.ts';

const HOUR_MS = 3_600_000;
/** Regular hours of the US options exchanges in UTC, in summer; the simulated session is the UTC day. */
const REGULAR_OPEN_MS = 13.5 * HOUR_MS;
const REGULAR_CLOSE_MS = 20 * HOUR_MS;
/** Shares of the day's volume: already there when the day begins (the overnight session), spread over the day, and within regular hours. */
const OVERNIGHT_SHARE = 0.1;
const EVEN_SHARE = 0.4;

/** Share of a day's volume that has traded by a moment of the UTC day, 0.1 to 1; never falls within a day. */
export function sessionProgress(utcMs: number): number {
  const timeOfDay = utcMs - Math.floor(utcMs / DAY_MS) * DAY_MS;
  const regular = Math.min(1, Math.max(0, (timeOfDay - REGULAR_OPEN_MS) / (REGULAR_CLOSE_MS - REGULAR_OPEN_MS)));
  return OVERNIGHT_SHARE + (EVEN_SHARE * timeOfDay) / DAY_MS + (1 - OVERNIGHT_SHARE - EVEN_SHARE) * regular;
}
