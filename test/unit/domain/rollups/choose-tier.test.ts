import { describe, expect, it } from 'vitest';
import { bucketBounds } from '../../../../src/domain/rollups/bucket-bounds.ts';
import { createBucketClock } from '../../../../src/domain/rollups/bucket-clock.ts';
import { chooseTier, type TierQuestion } from '../../../../src/domain/rollups/choose-tier.ts';
import type { RollupInterval } from '../../../../src/domain/rollups/rollup-interval.ts';
import type { RollupDimension } from '../../../../src/domain/rollups/rollup-metric.ts';

function choice(interval: RollupInterval, timeZone = 'UTC', dimensions: readonly RollupDimension[] = [], rest: Partial<TierQuestion> = {}) {
  const bounds = bucketBounds(createBucketClock(interval, timeZone), Date.UTC(2026, 2, 5), Date.UTC(2026, 2, 20));
  const { tier, reason } = chooseTier({ source: 'SCAN_RESULTS', bounds, dimensions: new Set(dimensions), hasCriteria: false, ...rest });
  return `${tier} ${reason}`;
}

describe('the tier', () => {
  it('is the coarsest that the buckets are whole multiples of', () => {
    expect(choice('MINUTE_1')).toBe('MINUTE COARSEST_EXACT');
    expect(choice('MINUTE_15')).toBe('MINUTE COARSEST_EXACT');
    expect(choice('HOUR_1')).toBe('HOUR COARSEST_EXACT');
    for (const interval of ['DAY_1', 'WEEK_1', 'MONTH_1'] as const) {
      expect(choice(interval)).toBe('DAY COARSEST_EXACT');
      expect(choice(interval, 'America/New_York')).toBe('HOUR COARSEST_EXACT');
      expect(choice(interval, 'Asia/Kolkata')).toBe('MINUTE COARSEST_EXACT');
    }
    expect(choice('HOUR_1', 'Asia/Kolkata')).toBe('MINUTE COARSEST_EXACT');
    expect(choice('DAY_1', 'Africa/Abidjan')).toBe('DAY COARSEST_EXACT');
  });

  it('is one that knows the dimensions: within minutes there are no pairs', () => {
    expect(choice('HOUR_1', 'UTC', ['FILTER', 'SYMBOL'])).toBe('HOUR COARSEST_EXACT');
    expect(choice('HOUR_1', 'UTC', ['FILTER', 'SYMBOL', 'STRATEGY'])).toBe('HOUR COARSEST_EXACT');
    expect(choice('MINUTE_5', 'UTC', ['SYMBOL'])).toBe('MINUTE COARSEST_EXACT');
    expect(choice('MINUTE_5', 'UTC', ['FILTER', 'SYMBOL'])).toBe('RAW COMBINATION');
    expect(choice('DAY_1', 'Asia/Kolkata', ['FILTER', 'SYMBOL'])).toBe('RAW COMBINATION');
  });

  it('is none when conditions are on rows', () => {
    expect(choice('DAY_1', 'UTC', [], { hasCriteria: true })).toBe('RAW CRITERIA');
  });

  it('is none when bounds are no whole minutes: Monrovia stood 44:30 behind UTC until 1972', () => {
    const bounds = bucketBounds(createBucketClock('DAY_1', 'Africa/Monrovia'), Date.UTC(1971, 5, 1), Date.UTC(1971, 5, 2));
    expect(choice('DAY_1', 'UTC', [], { bounds })).toBe('RAW BOUNDS');
  });

  it('of underlyings is by symbol', () => {
    expect(choice('DAY_1', 'UTC', ['SYMBOL'], { source: 'UNDERLYINGS' })).toBe('DAY COARSEST_EXACT');
    expect(choice('DAY_1', 'UTC', [], { source: 'UNDERLYINGS' })).toBe('RAW COMBINATION');
  });
});
