import { malformedFile } from '../decode/malformed-file.ts';
import { FeedUnavailableError } from '../feed-errors.ts';
import { describeJson } from '../http/describe-json.ts';
import { jsonObject } from '../http/json-object.ts';

/** too_many_requests: the credits of this address are used up. */
export const TOO_MANY_REQUESTS = 10028;
/** Credits fill up from nothing in 5 s (50,000 at 10,000 a second; docs.deribit.com, rate limits). */
export const CREDIT_REFILL_MS = 5_000;

/** Errors that pass: retry, settlement in progress, matching engine queue full, maintenance, temporarily unavailable, timed out. Source: Deribit's list of error codes. */
const PASSING_ERRORS: ReadonlySet<unknown> = new Set([10040, 10041, 10047, 11051, 13028, 13888]);

/** The result of a JSON-RPC answer. Throws FeedUnavailableError for the errors of Deribit that pass, FeedMalformedError for all others and for what is no such answer. */
export function rpcResult(document: unknown, source: string): unknown {
  const envelope = jsonObject(document, source, '');
  if (envelope.error !== undefined) throw rpcError(envelope.error, source);
  if (envelope.result === undefined) throw malformedFile(source, '', 'a result or an error', describeJson(document));
  return envelope.result;
}

function rpcError(value: unknown, source: string): Error {
  const { code, message } = jsonObject(value, source, 'error');
  const found = `error ${describeJson(code)} ${describeJson(message)}`;
  const text = `${source}: expected a result, got ${found}`;
  if (code === TOO_MANY_REQUESTS) return new FeedUnavailableError(text, { retryAfterMs: CREDIT_REFILL_MS });
  return PASSING_ERRORS.has(code) ? new FeedUnavailableError(text) : malformedFile(source, '', 'a result', found);
}
