import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketBounds, bucketIndex } from '../../../../src/domain/rollups/bucket-bounds.ts';
import { createBucketClock } from '../../../../src/domain/rollups/bucket-clock.ts';
import { ROLLUP_INTERVAL_NAMES, ROLLUP_INTERVALS, type RollupInterval } from '../../../../src/domain/rollups/rollup-interval.ts';

const HOUR_MS = 3_600_000;

function starts(interval: RollupInterval, timeZone: string, from: string, before: string): string[] {
  const bounds = bucketBounds(createBucketClock(interval, timeZone), Date.parse(from), Date.parse(before));
  return bounds.map((ms) => new Date(ms).toISOString().replace(':00.000Z', 'Z'));
}

describe('buckets of a range', () => {
  it('are whole, and only those it touches', () => {
    expect(starts('MINUTE_5', 'UTC', '2026-03-02T10:04:59Z', '2026-03-02T10:10:00Z')).toEqual([
      '2026-03-02T10:00Z',
      '2026-03-02T10:05Z',
      '2026-03-02T10:10Z',
    ]);
    expect(starts('HOUR_1', 'UTC', '2026-03-02T10:00:00Z', '2026-03-02T11:00:00.001Z')).toEqual([
      '2026-03-02T10:00Z',
      '2026-03-02T11:00Z',
      '2026-03-02T12:00Z',
    ]);
  });

  it('of weeks begin on Monday, those of months on the first', () => {
    expect(starts('WEEK_1', 'UTC', '2026-03-01T00:00:00Z', '2026-03-02T00:00:01Z')).toEqual([
      '2026-02-23T00:00Z',
      '2026-03-02T00:00Z',
      '2026-03-09T00:00Z',
    ]);
    expect(starts('MONTH_1', 'UTC', '2024-01-31T00:00:00Z', '2024-03-01T00:00:00Z')).toEqual([
      '2024-01-01T00:00Z',
      '2024-02-01T00:00Z',
      '2024-03-01T00:00Z',
    ]);
  });

  it('of days in New York have 23 hours in March and 25 in November', () => {
    expect(starts('DAY_1', 'America/New_York', '2026-03-08T12:00:00Z', '2026-03-09T12:00:00Z')).toEqual([
      '2026-03-08T05:00Z',
      '2026-03-09T04:00Z',
      '2026-03-10T04:00Z',
    ]);
    expect(starts('DAY_1', 'America/New_York', '2026-11-01T12:00:00Z', '2026-11-01T12:00:01Z')).toEqual([
      '2026-11-01T04:00Z',
      '2026-11-02T05:00Z',
    ]);
  });

  it('of hours stay hours while the clock is put back', () => {
    expect(starts('HOUR_1', 'America/New_York', '2026-11-01T05:30:00Z', '2026-11-01T07:30:00Z')).toEqual([
      '2026-11-01T05:00Z',
      '2026-11-01T06:00Z',
      '2026-11-01T07:00Z',
      '2026-11-01T08:00Z',
    ]);
  });

  it('follow the clock of zones half an hour apart', () => {
    expect(starts('DAY_1', 'Asia/Kolkata', '2026-03-02T00:00:00Z', '2026-03-02T18:30:00Z')).toEqual([
      '2026-03-01T18:30Z',
      '2026-03-02T18:30Z',
    ]);
    expect(starts('HOUR_1', 'Asia/Kolkata', '2026-03-02T10:15:00Z', '2026-03-02T10:31:00Z')).toEqual([
      '2026-03-02T09:30Z',
      '2026-03-02T10:30Z',
      '2026-03-02T11:30Z',
    ]);
    expect(starts('MINUTE_15', 'Asia/Kathmandu', '2026-03-02T10:16:00Z', '2026-03-02T10:17:00Z')).toEqual([
      '2026-03-02T10:15Z',
      '2026-03-02T10:30Z',
    ]);
  });

  it('end where a clock is changed within an hour: on Lord Howe Island by half of one', () => {
    // 2026-04-05 02:00 +11 becomes 01:30 +10:30.
    expect(starts('HOUR_1', 'Australia/Lord_Howe', '2026-04-04T14:10:00Z', '2026-04-04T15:31:00Z')).toEqual([
      '2026-04-04T14:00Z',
      '2026-04-04T15:00Z',
      '2026-04-04T15:30Z',
      '2026-04-04T16:30Z',
    ]);
  });

  it('leave out a date that the clock skipped', () => {
    expect(starts('DAY_1', 'Pacific/Apia', '2011-12-30T09:59:00Z', '2011-12-30T10:01:00Z')).toEqual([
      '2011-12-29T10:00Z',
      '2011-12-30T10:00Z',
      '2011-12-31T10:00Z',
    ]);
  });

  it('begin with the first moment of a date whose midnight is skipped or comes twice', () => {
    // Havana goes from 00:00 to 01:00 in March and from 01:00 to 00:00 in November.
    expect(starts('DAY_1', 'America/Havana', '2025-03-09T06:00:00Z', '2025-03-09T06:00:01Z')).toEqual([
      '2025-03-09T05:00Z',
      '2025-03-10T04:00Z',
    ]);
    expect(starts('DAY_1', 'America/Havana', '2025-11-02T05:30:00Z', '2025-11-02T05:30:01Z')).toEqual([
      '2025-11-02T04:00Z',
      '2025-11-03T05:00Z',
    ]);
  });
});

it('buckets cover time without gaps: a moment lies in the bucket that is said to begin before it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ROLLUP_INTERVAL_NAMES),
      fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/Havana', 'Pacific/Apia', 'Europe/London'),
      fc.integer({ min: Date.parse('1990-01-01'), max: Date.parse('2035-01-01') }),
      fc.integer({ min: 1, max: 40 * HOUR_MS }),
      (interval, timeZone, fromMs, lasting) => {
        const clock = createBucketClock(interval, timeZone);
        const beforeMs = fromMs + Math.min(lasting, 50 * ROLLUP_INTERVALS[interval]);
        const bounds = bucketBounds(clock, fromMs, beforeMs);
        expect(bounds[0]!).toBeLessThanOrEqual(fromMs);
        expect(bounds[1]!).toBeGreaterThan(fromMs);
        expect(bounds.at(-1)!).toBeGreaterThanOrEqual(beforeMs);
        expect(bounds.at(-2)!).toBeLessThan(beforeMs);
        for (const [index, start] of bounds.slice(0, -1).entries()) {
          expect(bounds[index + 1]!).toBeGreaterThan(start);
          expect(clock.startOf(start)).toBe(start);
          expect(clock.startOf(bounds[index + 1]! - 1)).toBe(start);
          expect(bucketIndex(bounds, start)).toBe(index);
          expect(bucketIndex(bounds, bounds[index + 1]! - 1)).toBe(index);
        }
      },
    ),
    { numRuns: 80 },
  );
});
