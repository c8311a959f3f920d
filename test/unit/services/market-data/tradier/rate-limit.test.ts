import { beforeEach, describe, expect, it } from 'vitest';
import { createRateLimit, rateLimitWaitMs } from '../../../../../src/services/market-data/tradier/rate-limit.ts';

const signal = new AbortController().signal;
let nowMs: number;
beforeEach(() => {
  nowMs = Date.UTC(2026, 6, 1);
});

function headers(available: number, expiryMs?: number): Headers {
  return new Headers({
    'x-ratelimit-available': String(available),
    ...(expiryMs !== undefined && { 'x-ratelimit-expiry': String(expiryMs) }),
  });
}

describe('rate limit of Tradier', () => {
  it('lets requests pass while some are left', async () => {
    const limit = createRateLimit({ clock: () => nowMs });
    limit.note(headers(1, nowMs + 60_000));
    limit.note(new Headers());
    await expect(limit.pass(signal)).resolves.toBeUndefined();
  });

  it('says when requests may go on, and lets them pass then', async () => {
    const limit = createRateLimit({ clock: () => nowMs });
    limit.note(headers(0, nowMs + 20_000));
    await expect(limit.pass(signal)).rejects.toMatchObject({ code: 'FEED_UNAVAILABLE', retryAfterMs: 20_000 });
    nowMs += 20_000;
    await limit.pass(signal);
  });

  it('waits when it is not for long, unless told to stop', async () => {
    const limit = createRateLimit({ clock: () => nowMs });
    limit.note(headers(0, nowMs + 10));
    await limit.pass(signal);
    limit.note(headers(0, nowMs + 14_000));
    const controller = new AbortController();
    const passed = limit.pass(controller.signal);
    const reason = new Error('shutting down');
    controller.abort(reason);
    await expect(passed).rejects.toBe(reason);
  });

  it('takes a window for granted when the expiry is missing or far away', async () => {
    const limit = createRateLimit({ clock: () => nowMs });
    limit.note(headers(0));
    await expect(limit.pass(signal)).rejects.toMatchObject({ retryAfterMs: 60_000 });
    expect(rateLimitWaitMs(headers(0, nowMs + 3_600_000), nowMs)).toBe(60_000);
  });

  it('reads an expiry in milliseconds or seconds', () => {
    expect(rateLimitWaitMs(headers(0, nowMs + 7_000), nowMs)).toBe(7_000);
    expect(rateLimitWaitMs(headers(0, nowMs / 1_000 + 7), nowMs)).toBe(7_000);
    expect(rateLimitWaitMs(headers(0, nowMs - 1), nowMs)).toBe(0);
    expect(rateLimitWaitMs(new Headers({ 'x-ratelimit-expiry': 'soon' }), nowMs)).toBeUndefined();
  });
});
