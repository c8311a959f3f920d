import { textIssue } from '../domain/errors/text-issue.ts';
import { ValidationError } from '../domain/errors/validation-error.ts';

/** Far beyond any UUID or hash, and short enough for an index. */
const LONGEST_KEY = 255;

/** Null when there is none. @throws ValidationError when it is empty, too long or cannot be stored. */
export function parseIdempotencyKey(key: string | null | undefined): string | null {
  if (key === null || key === undefined) return null;
  const issue = textIssue('idempotencyKey', key, 1, LONGEST_KEY);
  if (issue) throw new ValidationError([issue]);
  return key;
}
