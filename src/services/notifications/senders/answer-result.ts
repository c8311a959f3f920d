import { outcomeOfStatus, type SendResult } from '../../../domain/notifications/delivery-attempt.ts';
import { retryAfterMs } from '../../market-data/http/retry-after.ts';
import type { GuardedAnswer } from '../outgoing/guarded-request.ts';

/** What the answer to a POST means. */
export function answerResult({ status, retryAfter, excerpt }: GuardedAnswer, nowMs: number): SendResult {
  const outcome = outcomeOfStatus(status);
  return {
    outcome,
    status,
    responseExcerpt: excerpt === '' ? null : excerpt,
    error: outcome === 'DELIVERED' ? null : `expected an HTTP status of 200 to 299, got ${status}`,
    retryAfterMs: retryAfterMs(retryAfter, nowMs) ?? null,
  };
}
