import { isTimeZone } from '../calendar/local-time.ts';
import { statedMembers } from '../filters/criteria-issues.ts';
import { createRuleFields, type RuleFields } from './rule-fields.ts';
import type { RuleIssues } from './rule-issues.ts';
import { MARKET_CALENDARS, type TimeWindow, WEEKDAYS, type Weekday } from './time-window.ts';

const TIME_OF_DAY = /^(\d{2}):(\d{2})$/;
const END_OF_DAY = 1440;

/** A window as written by people: `{ days, from: "09:30", to: "16:00", timeZone: "America/New_York", calendar }`. Parsing its result as written again gives the same. */
export function parseTimeWindow(input: unknown, path: string, issues: RuleIssues): TimeWindow | null {
  const members = statedMembers(input, ['days', 'from', 'to', 'timeZone', 'calendar'], path, issues);
  if (members === null) return null;
  const fields = createRuleFields(members, path, issues);
  const timeZone = fields.text('timeZone', 1, 64, 'UTC');
  if (timeZone !== '' && !isTimeZone(timeZone)) issues.add(fields.at('timeZone'), 'the IANA name of a time zone', timeZone);
  const days = fields.list<Weekday>('days', 7, (value, at) => {
    const day = WEEKDAYS.find((known) => known === value);
    if (day === undefined) issues.add(at, `one of ${WEEKDAYS.join(', ')}`, value);
    return day ?? null;
  });
  return {
    days: WEEKDAYS.filter((day) => days.includes(day)),
    fromMinute: minuteOf(fields, 'from', '00:00', END_OF_DAY - 1),
    toMinute: minuteOf(fields, 'to', '24:00', END_OF_DAY),
    timeZone,
    calendar: fields.has('calendar') ? fields.choice('calendar', MARKET_CALENDARS) : null,
  };
}

function minuteOf(fields: RuleFields, name: string, byDefault: string, latest: number): number {
  const written = fields.text(name, 1, 5, byDefault);
  const match = TIME_OF_DAY.exec(written);
  const minute = match && Number(match[2]) < 60 ? Number(match[1]) * 60 + Number(match[2]) : Number.NaN;
  if (minute <= latest) return minute;
  if (written !== '')
    fields.issues.add(fields.at(name), `a time of day from 00:00 to ${latest === END_OF_DAY ? '24:00' : '23:59'}`, written);
  return 0;
}

/** The window as people write it. */
export function writtenTimeWindow(window: TimeWindow): Readonly<Record<string, unknown>> {
  const { days, fromMinute, toMinute, timeZone, calendar } = window;
  return { days, from: timeOfDay(fromMinute), to: timeOfDay(toMinute), timeZone, calendar };
}

function timeOfDay(minute: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
