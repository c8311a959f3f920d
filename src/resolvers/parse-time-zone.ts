import { isTimeZone } from '../domain/calendar/local-time.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';

/** @throws ValidationError when nobody knows it */
export function parseTimeZone(timeZone: string): string {
  if (isTimeZone(timeZone)) return timeZone;
  throw new ValidationError([
    { path: 'timeZone', message: `expected an IANA time zone such as America/New_York, got ${JSON.stringify(timeZone.slice(0, 60))}` },
  ]);
}
