import { describe, expect, it } from 'vitest';
import { type VolumeDay, volumePatterns } from '../../../../../src/domain/analytics/patterns/volume-patterns.ts';

/** About 1,000 contracts a day, none alike. */
const usual = (count: number): number[] => Array.from({ length: count }, (_, i) => 1_000 + ((i * 37) % 100) - 50);
const days = (volumes: readonly number[], openInterest: (index: number) => number = () => Number.NaN): VolumeDay[] =>
  volumes.map((volume, index) => ({ day: `day ${String(index).padStart(2, '0')}`, volume, openInterest: openInterest(index) }));
const kindsOf = (given: readonly VolumeDay[]) => volumePatterns(given)?.patterns.map(({ kind }) => kind);

describe('the volume of the last day', () => {
  it('is a spike when it is far above the days before', () => {
    const found = volumePatterns(days([...usual(20), 3_000]))!;
    expect(found).toMatchObject({ day: 'day 20', volume: 3_000, baselineDays: 20, patterns: [{ kind: 'SPIKE', fromDay: 'day 20' }] });
    expect(found.usualVolume).toBeGreaterThan(950);
    expect(found.usualVolume).toBeLessThan(1_050);
    expect(found.zScore).toBeGreaterThan(3.5);
  });

  it('is nothing special among others like it', () => {
    expect(kindsOf(days(usual(30)))).toEqual([]);
  });

  it('is compared with earlier days only: a second spike does not hide behind the first', () => {
    expect(kindsOf(days([...usual(20), 3_000, 3_000]))).toEqual(['SPIKE']);
  });

  it('dries up with three days in a row that are low, and not with two', () => {
    expect(kindsOf(days([...usual(20), 400, 380, 390]))).toEqual(['DRY_UP']);
    expect(kindsOf(days([...usual(20), 1_000, 380, 390]))).toEqual([]);
  });
});

describe('open interest', () => {
  const busy = [...usual(20), ...usual(10).map((volume) => volume + 100)];

  it('that grows day after day on usual volume or more is an accumulation', () => {
    const found = volumePatterns(days(busy, (index) => 10_000 * 1.02 ** index))!;
    expect(found.patterns).toMatchObject([{ kind: 'ACCUMULATION', fromDay: 'day 20', toDay: 'day 29' }]);
    expect(found.patterns[0]!.openInterestChange).toBeCloseTo(1.02 ** 9 - 1, 12);
  });

  it('that shrinks so is an unwinding', () => {
    expect(kindsOf(days(busy, (index) => 10_000 * 0.98 ** index))).toEqual(['UNWINDING']);
  });

  it('says nothing when it hardly changes, when it is unknown of a day, or on low volume', () => {
    expect(kindsOf(days(busy, (index) => 10_000 + index))).toEqual([]);
    expect(kindsOf(days(busy, (index) => (index === 25 ? Number.NaN : 10_000 * 1.02 ** index)))).toEqual([]);
    const quiet = [...usual(20), ...usual(10).map((volume) => volume - 40)];
    expect(kindsOf(days(quiet, (index) => 10_000 * 1.02 ** index))).toEqual([]);
  });
});

it('of fewer than eleven days, or of none with a volume, nothing is said', () => {
  expect(volumePatterns([])).toBeNull();
  expect(volumePatterns(days(usual(10)))).toBeNull();
  expect(volumePatterns(days(Array(30).fill(Number.NaN)))).toBeNull();
  expect(volumePatterns(days(usual(11)))).not.toBeNull();
});

it('of a market without trades no pattern is seen and nothing is infinite', () => {
  expect(volumePatterns(days(Array(30).fill(0), () => 0))).toMatchObject({ volume: 0, usualVolume: 0, zScore: 0, patterns: [] });
  expect(volumePatterns(days([...Array(30).fill(0), 10]))!.zScore).toBeNaN();
});
