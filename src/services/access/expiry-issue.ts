import type { ValidationIssue } from '../../domain/errors/validation-error.ts';

/** 9999-12-31T23:59:59.999Z: the last moment that ISO 8601 writes with four digits of the year, the form in which times go to PostgreSQL. */
const LATEST_MS = 253_402_300_799_999;

/** What keeps a time, in epoch milliseconds, from being one when something expires. Null: nothing; null expires never. */
export function expiryIssue(path: string, expiresAtMs: number | null, nowMs: number): ValidationIssue | null {
  if (expiresAtMs === null || (expiresAtMs > nowMs && expiresAtMs <= LATEST_MS)) return null;
  return { path, message: `expected a time from now to the end of the year 9999, got ${new Date(expiresAtMs).toISOString()}` };
}
