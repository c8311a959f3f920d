import { parseDate } from '../../../domain/calendar/day-number.ts';
import { malformedFile } from '../decode/malformed-file.ts';
import { describeJson } from '../http/describe-json.ts';
import { jsonObject } from '../http/json-object.ts';
import { oneOrMany } from './one-or-many.ts';

/** Reads the dates (`YYYY-MM-DD`) of an answer of /markets/options/expirations; empty when the symbol has no options. Throws FeedMalformedError. */
export function readExpirations(document: unknown, source: string): readonly string[] {
  const { expirations } = jsonObject(document, source, '');
  if (expirations === null) return [];
  return oneOrMany(jsonObject(expirations, source, 'expirations').date).map((date, index) => {
    if (typeof date === 'string' && parseDate(date) !== null) return date;
    throw malformedFile(source, `field expirations.date[${index}]`, 'a date like 2026-08-21', describeJson(date));
  });
}
