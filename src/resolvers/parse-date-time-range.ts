import { ValidationError, type ValidationIssue } from '../domain/errors/validation-error.ts';

interface DateTimeRange {
  readonly from?: Date | null | undefined;
  readonly before?: Date | null | undefined;
}

/** Epoch milliseconds; undefined: open. */
interface TimeSpan {
  readonly fromMs: number | undefined;
  readonly beforeMs: number | undefined;
}

/** Years 1 to 9999: what ISO 8601 writes with four digits, the form in which times go to PostgreSQL. There is no year 0 there. */
const EARLIEST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** @throws ValidationError when a bound lies in no year from 1 to 9999, UTC. */
export function parseDateTimeRange(range: DateTimeRange | null | undefined, path: string): TimeSpan {
  const fromMs = range?.from?.getTime();
  const beforeMs = range?.before?.getTime();
  const issues = [...yearIssue(`${path}.from`, fromMs), ...yearIssue(`${path}.before`, beforeMs)];
  if (issues.length > 0) throw new ValidationError(issues);
  return { fromMs, beforeMs };
}

function yearIssue(path: string, atMs: number | undefined): ValidationIssue[] {
  if (atMs === undefined || (atMs >= EARLIEST_MS && atMs <= LATEST_MS)) return [];
  return [{ path, message: `expected a time in the years 1 to 9999, UTC, got ${new Date(atMs).toISOString()}` }];
}
