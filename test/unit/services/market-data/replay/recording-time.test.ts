import { describe, expect, it } from 'vitest';
import type { RecordedMoment } from '../../../../../src/services/market-data/replay/recording.ts';
import { newestMoment, recordedTimeAt, spanOf } from '../../../../../src/services/market-data/replay/recording-time.ts';

function moments(...times: number[]): RecordedMoment[] {
  return times.map((quotedAtMs) => ({ symbol: 'SPX', quotedAtMs, path: '/a', source: 'a', format: 'cboe-csv', quotedContracts: 1 }));
}

describe('spanOf', () => {
  it('spans all symbols and shows the last moment as long as the one before it', () => {
    expect(spanOf([moments(100, 200), moments(150, 260, 300)])).toEqual({ firstMs: 100, lastMs: 300, tailMs: 40 });
    expect(spanOf([moments(100, 300), moments(100, 300)])).toEqual({ firstMs: 100, lastMs: 300, tailMs: 200 });
  });

  it('has no length with one moment', () => {
    expect(spanOf([moments(100), moments(100)])).toEqual({ firstMs: 100, lastMs: 100, tailMs: 0 });
  });
});

describe('recordedTimeAt', () => {
  const span = { firstMs: 1000, lastMs: 1300, tailMs: 100 };

  it.each([
    [0, 1000],
    [250, 1250],
    [399, 1399],
  ])('runs with the recording: %i played is %i', (played, expected) => {
    expect(recordedTimeAt(span, played, true)).toBe(expected);
    expect(recordedTimeAt(span, played, false)).toBe(expected);
  });

  it('begins anew after the last moment was shown, or has ended', () => {
    expect(recordedTimeAt(span, 400, true)).toBe(1000);
    expect(recordedTimeAt(span, 4 * 400 + 250, true)).toBe(1250);
    expect(recordedTimeAt(span, 400, false)).toBe(Number.POSITIVE_INFINITY);
  });

  it('stands still at a single moment when looping, and ends at once when not', () => {
    const single = { firstMs: 1000, lastMs: 1000, tailMs: 0 };
    expect(recordedTimeAt(single, 123_456, true)).toBe(1000);
    expect(recordedTimeAt(single, 0, false)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('newestMoment', () => {
  it.each([
    [99, 0],
    [100, 0],
    [199, 0],
    [200, 1],
    [299, 1],
    [300, 2],
    [Number.POSITIVE_INFINITY, 2],
  ])('is the last one by then: at %d the moment %i', (time, expected) => {
    expect(newestMoment(moments(100, 200, 300), time)).toBe(expected);
  });
});
