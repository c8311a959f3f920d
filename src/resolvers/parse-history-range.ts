import { ValidationError } from '../domain/errors/validation-error.ts';
import type { MomentRange } from '../services/history/past-range.ts';
import { parseDateTimeRange } from './parse-date-time-range.ts';

/** Later than anything; the same for all that are asked at once. */
const OPEN_END_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** A range with a beginning; without an end it goes on up to now. @throws ValidationError */
export function parseHistoryRange(range: {
  readonly from?: Date | null | undefined;
  readonly before?: Date | null | undefined;
}): MomentRange {
  const { fromMs, beforeMs } = parseDateTimeRange(range, 'range');
  if (fromMs === undefined) throw new ValidationError([{ path: 'range.from', message: 'expected a time, got none' }]);
  return { fromMs, beforeMs: beforeMs ?? OPEN_END_MS };
}
