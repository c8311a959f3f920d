import { DAY_MS, weekday } from '../calendar/day-number.ts';
import { createLocalTime, type LocalTime } from '../calendar/local-time.ts';
import { marketStateAt } from '../calendar/market-state-at.ts';
import { newYorkToUtcMs, newYorkWallMs } from '../calendar/new-york-time.ts';
import { usMarketDay } from '../calendar/us-market-day.ts';
import { type TimeWindow, WEEKDAYS } from './time-window.ts';

const MINUTE_MS = 60_000;
/** How far ahead changes are looked for: longer than any stretch of holidays; whoever waits that long asks again. */
const HORIZON_DAYS = 10;
/** The openings and closings of the US exchanges, New York: regular, short day. */
const SESSION_MINUTES = [9 * 60 + 30, 13 * 60, 16 * 60];

/** Time windows, to be asked for moments that mostly ascend. */
export interface CompiledTimeWindows {
  /** Whether at least one window is open. */
  isOpen(nowMs: number): boolean;
  /** Epoch milliseconds of the next moment after `nowMs` at which that changes, or of a moment before it at which to ask again. */
  nextChange(nowMs: number): number;
}

export function compileTimeWindows(windows: readonly TimeWindow[]): CompiledTimeWindows {
  const clocks = windows.map(({ timeZone }) => createLocalTime(timeZone));
  // The last answer holds until the next change.
  let fromMs = 0;
  let untilMs = 0;
  let answer = false;

  const evaluate = (nowMs: number) => windows.some((window, index) => isWindowOpen(window, clocks[index]!, nowMs));

  function answerFor(nowMs: number): void {
    if (nowMs >= fromMs && nowMs < untilMs) return;
    answer = evaluate(nowMs);
    fromMs = nowMs;
    untilMs = nowMs + HORIZON_DAYS * DAY_MS;
    const moments = windows
      .flatMap((window, index) => boundaries(window, clocks[index]!, nowMs))
      .filter((ms) => ms > nowMs && ms < untilMs);
    moments.sort((a, b) => a - b);
    untilMs = moments.find((ms) => evaluate(ms) !== answer) ?? untilMs;
  }

  return {
    isOpen(nowMs) {
      answerFor(nowMs);
      return answer;
    },
    nextChange(nowMs) {
      answerFor(nowMs);
      return untilMs;
    },
  };
}

function isWindowOpen(window: TimeWindow, clock: LocalTime, nowMs: number): boolean {
  if (window.calendar === 'US_MARKET_SESSION' && !isSession(nowMs)) return false;
  if (window.calendar === 'US_MARKET_DAYS' && usMarketDay(Math.floor(newYorkWallMs(nowMs) / DAY_MS)) === 'CLOSED') return false;
  const today = Math.floor(clock.wallMs(nowMs) / DAY_MS);
  // One that began yesterday may pass midnight.
  return [today - 1, today].some((day) => {
    if (window.days.length > 0 && !window.days.includes(WEEKDAYS[weekday(day)]!)) return false;
    const { beginMs, endMs } = moments(window, clock, day);
    return nowMs >= beginMs && nowMs < endMs;
  });
}

/** The regular session without its closing moment: marketStateAt counts the quotes stamped with it in. */
function isSession(nowMs: number): boolean {
  return marketStateAt('EQUITY', nowMs) === 'REGULAR' && marketStateAt('EQUITY', nowMs + 1) === 'REGULAR';
}

function moments({ fromMinute, toMinute }: TimeWindow, clock: LocalTime, day: number): { beginMs: number; endMs: number } {
  const lasting = toMinute > fromMinute ? toMinute : toMinute + 1440;
  return { beginMs: clock.utcMs(day * DAY_MS + fromMinute * MINUTE_MS), endMs: clock.utcMs(day * DAY_MS + lasting * MINUTE_MS) };
}

/** Every moment near at which the window could begin or end. */
function boundaries(window: TimeWindow, clock: LocalTime, nowMs: number): number[] {
  const found: number[] = [];
  const today = Math.floor(clock.wallMs(nowMs) / DAY_MS);
  for (let day = today - 1; day <= today + HORIZON_DAYS; day++) {
    const { beginMs, endMs } = moments(window, clock, day);
    found.push(beginMs, endMs);
    if (window.calendar === 'US_MARKET_DAYS') found.push(newYorkToUtcMs(day, 0));
    if (window.calendar === 'US_MARKET_SESSION') for (const minute of SESSION_MINUTES) found.push(newYorkToUtcMs(day, minute * MINUTE_MS));
  }
  return found;
}
