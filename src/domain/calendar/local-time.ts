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
/** Within such a span an offset changes once at most: no zone has ever changed its clock twice within four days. */
const STEADY_MS = 4 * DAY_MS;

/** Offsets from UTC before and behind a moment, milliseconds. */
interface Span {
  readonly before: number;
  readonly after: number;
  /** Its end where the clock is not changed; epoch milliseconds. */
  readonly changeMs: number;
}

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
  /** By the number of the span. */
  const spans = new Map<number, Span>();

  function offsetAt(utcMs: number): number {
    const number = Math.floor(utcMs / STEADY_MS);
    let span = spans.get(number);
    if (span === undefined) {
      span = spanAt(number * STEADY_MS);
      spans.set(number, span);
    }
    return utcMs < span.changeMs ? span.before : span.after;
  }

  /** Asking Intl takes microseconds: the change is found by halving. */
  function spanAt(startMs: number): Span {
    const number = startMs / STEADY_MS;
    const before = spans.get(number - 1)?.after ?? askedOffset(startMs);
    const after = spans.get(number + 1)?.before ?? askedOffset(startMs + STEADY_MS);
    if (before === after) return { before, after, changeMs: startMs + STEADY_MS };
    let [low, high] = [0, STEADY_MS / QUARTER_MS];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (askedOffset(startMs + middle * QUARTER_MS) === before) low = middle;
      else high = middle;
    }
    return { before, after, changeMs: startMs + high * QUARTER_MS };
  }

  /** @param startMs of a quarter of an hour */
  function askedOffset(startMs: number): number {
    // `12/31/1969, 19:00:00`: asking for parts would take three times as long.
    const [month, day, year, hour, minute, second] = format.format(startMs).split(/\D+/).map(Number);
    return Date.UTC(year!, month! - 1, day, hour, minute, second) - startMs;
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
