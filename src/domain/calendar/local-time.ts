/** Whether this runtime knows the IANA time zone. */
export function isTimeZone(name: string): boolean {
  // Offsets such as "+05:30" are accepted by Intl and name no zone.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The clocks of one time zone. Moments are epoch milliseconds; a wall time is the reading of the clock as if it were UTC. */
export interface LocalTime {
  wallMs(utcMs: number): number;
  /** The first moment at which the clock shows the wall time or later: what it skips in spring is the moment of skipping; of what it shows twice the first is meant. */
  utcMs(wallMs: number): number;
}

/** Offsets change at whole quarters of an hour only, in every zone since 1970 but Liberia's of 1972. */
const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;
/** Where an offset is the same at both ends of such a span it is the same in between: no zone has ever changed its clock and changed it back within four days. */
const STEADY_MS = 4 * DAY_MS;

/** @throws RangeError when the zone is unknown */
export function createLocalTime(timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  /** By the number of the span; null: the clock is changed in it. Asking Intl takes tens of microseconds. */
  const steady = new Map<number, number | null>();
  let quarter = Number.NaN;
  let offsetMs = 0;

  function offsetAt(utcMs: number): number {
    const span = Math.floor(utcMs / STEADY_MS);
    let known = steady.get(span);
    if (known === undefined) {
      const atStart = askedOffset(span * STEADY_MS);
      known = atStart === askedOffset((span + 1) * STEADY_MS) ? atStart : null;
      steady.set(span, known);
    }
    return known ?? askedOffset(utcMs);
  }

  function askedOffset(utcMs: number): number {
    const asked = Math.floor(utcMs / QUARTER_MS);
    if (asked === quarter) return offsetMs;
    const startMs = asked * QUARTER_MS;
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(startMs)) part[type] = Number(value);
    offsetMs = Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second) - startMs;
    quarter = asked;
    return offsetMs;
  }

  return {
    wallMs: (utcMs) => utcMs + offsetAt(utcMs),
    utcMs(wallMs) {
      // The clock never runs more than a day apart from UTC. Its reading rises but for steps back, so the earlier offset is tried first.
      const before = offsetAt(wallMs - DAY_MS);
      const after = offsetAt(wallMs + DAY_MS);
      const withBefore = wallMs - before;
      if (before === after || withBefore + offsetAt(withBefore) === wallMs) return withBefore;
      const withAfter = wallMs - after;
      if (withAfter + offsetAt(withAfter) === wallMs) return withAfter;
      // Skipped: the transition lies between the two readings.
      return firstWithOffset(after, Math.min(withBefore, withAfter), Math.max(withBefore, withAfter));
    },
  };

  function firstWithOffset(wanted: number, fromMs: number, untilMs: number): number {
    for (let ms = Math.floor(fromMs / QUARTER_MS) * QUARTER_MS; ms <= untilMs; ms += QUARTER_MS) if (offsetAt(ms) === wanted) return ms;
    return untilMs;
  }
}
