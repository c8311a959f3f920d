/**
 * Milliseconds the header Retry-After asks to wait: whole seconds or an HTTP date (RFC 9110, 10.2.3); undefined when it is absent or says neither.
 * Never longer than an hour: a source that errs must not switch a symbol off for good.
 */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, LONGEST_MS);
  // All three forms of an HTTP date begin with the day of the week; Date.parse takes many other texts for dates.
  const atMs = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.min(Math.max(0, atMs - nowMs), LONGEST_MS);
}

const LONGEST_MS = 3_600_000;
