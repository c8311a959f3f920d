import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../../../../src/services/market-data/http/retry-after.ts';

const NOW_MS = Date.UTC(2026, 6, 1, 12, 0, 0);

describe('Retry-After', () => {
  it.each([
    ['7', 7_000],
    [' 0 ', 0],
    ['Wed, 01 Jul 2026 12:00:30 GMT', 30_000],
    ['Wed, 01 Jul 2026 11:00:00 GMT', 0],
    ['999999999', 3_600_000],
  ])('%j is %i ms', (header, expected) => {
    expect(retryAfterMs(header, NOW_MS)).toBe(expected);
  });

  it.each([null, '', 'soon', '-5', '1.5', '2026-07-01 12:00:30'])('%j says nothing', (header) => {
    expect(retryAfterMs(header, NOW_MS)).toBeUndefined();
  });
});
