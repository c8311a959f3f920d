import { textIssue } from '../../domain/errors/text-issue.ts';
import { ValidationError } from '../../domain/errors/validation-error.ts';

const LONGEST_REASON = 500;

/** What the audit trail keeps as a reason; null when none is given. @throws ValidationError when it is too long or cannot be stored */
export function parseReason(reason: string | null | undefined): string | null {
  const text = reason?.trim() ?? '';
  const issue = textIssue('reason', text, 0, LONGEST_REASON);
  if (issue) throw new ValidationError([issue]);
  return text === '' ? null : text;
}
