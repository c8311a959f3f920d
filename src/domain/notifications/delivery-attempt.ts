/**
 * How an attempt ended. DELIVERED: accepted. What passes: RATE_LIMITED (429), SERVER_ERROR (5xx, 408, 425, a temporary refusal of a mail server), TIMEOUT, UNREACHABLE (no connection, or it broke).
 * What stays: REJECTED (another answer), GONE (410), BLOCKED (an address this server must not reach), MISCONFIGURED (nothing could be sent).
 */
export const ATTEMPT_OUTCOMES = [
  'DELIVERED',
  'RATE_LIMITED',
  'SERVER_ERROR',
  'TIMEOUT',
  'UNREACHABLE',
  'REJECTED',
  'GONE',
  'BLOCKED',
  'MISCONFIGURED',
] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

const PASSING: ReadonlySet<AttemptOutcome> = new Set(['RATE_LIMITED', 'SERVER_ERROR', 'TIMEOUT', 'UNREACHABLE']);

/** Whether another attempt may end otherwise. */
export function isPassing(outcome: AttemptOutcome): boolean {
  return PASSING.has(outcome);
}

/** What came of sending one message. */
export interface SendResult {
  readonly outcome: AttemptOutcome;
  /** HTTP status or SMTP reply code; null without an answer. */
  readonly status: number | null;
  /** How the answer begins; null without one. */
  readonly responseExcerpt: string | null;
  /** What went wrong, in words; null when nothing did. */
  readonly error: string | null;
  /** How long the receiver wants to be left alone; null when it does not say. */
  readonly retryAfterMs: number | null;
}

/** One attempt to deliver one message. */
export interface DeliveryAttempt extends Omit<SendResult, 'retryAfterMs'> {
  /** UUIDv7. */
  readonly id: string;
  readonly deliveryId: string;
  readonly channelId: string;
  /** Counts from 1 for each message, and on after a replay. */
  readonly number: number;
  /** Notifications in the message. */
  readonly notifications: number;
  readonly startedAtMs: number;
  readonly durationMs: number;
}

/** The outcome an HTTP status means. */
export function outcomeOfStatus(status: number): AttemptOutcome {
  if (status >= 200 && status < 300) return 'DELIVERED';
  if (status === 429) return 'RATE_LIMITED';
  if (status >= 500 || status === 408 || status === 425) return 'SERVER_ERROR';
  return status === 410 ? 'GONE' : 'REJECTED';
}
