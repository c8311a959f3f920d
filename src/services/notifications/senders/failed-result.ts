import type { AttemptOutcome, SendResult } from '../../../domain/notifications/delivery-attempt.ts';
import { BlockedAddressError } from '../outgoing/blocked-address-error.ts';
import { TooSlowError } from '../outgoing/too-slow-error.ts';
import { SecretsUnreadableError } from '../secrets/secrets-unreadable-error.ts';

/** What a failure without an answer means. A connection that several addresses refuse fails with one error for each. */
export function failedResult(error: unknown): SendResult {
  const inner = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  const { message, code } = inner as Error & { code?: unknown };
  const told = message || (typeof code === 'string' ? code : '') || 'the connection failed';
  return { outcome: outcomeOf(inner, code), status: null, responseExcerpt: null, error: told, retryAfterMs: null };
}

function outcomeOf(error: unknown, code: unknown): AttemptOutcome {
  if (error instanceof BlockedAddressError) return 'BLOCKED';
  if (error instanceof TooSlowError || code === 'ETIMEDOUT') return 'TIMEOUT';
  if (error instanceof SecretsUnreadableError) return 'MISCONFIGURED';
  return 'UNREACHABLE';
}
