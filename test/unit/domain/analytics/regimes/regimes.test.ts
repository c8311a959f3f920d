import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandWithHysteresis } from '../../../../../src/domain/analytics/regimes/band-with-hysteresis.ts';
import { marketRegime } from '../../../../../src/domain/analytics/regimes/market-regime.ts';
import type { RegimeDay } from '../../../../../src/domain/analytics/regimes/regime-day.ts';
import { regimeDays } from '../../../../../src/domain/analytics/regimes/regime-days.ts';
import { volatilityRegimes } from '../../../../../src/domain/analytics/regimes/volatility-regime.ts';
import { anUnderlyingDay } from '../../../../support/an-underlying-day.ts';
import { seededRandom } from '../../../../support/seeded-random.ts';

const dayOf = (index: number) => new Date(index * 86_400_000).toISOString().slice(0, 10);
const aDay = (index: number, given: Partial<RegimeDay> = {}): RegimeDay => ({
  day: dayOf(index),
  price: 100,
  ivPercentile: 50,
  realisedVolatilityPercentile: 50,
  termSlope: 0.01,
  ...given,
});

describe('hysteresis', () => {
  it('keeps a band until its edge is passed by the margin, on either side', () => {
    const bands: number[] = [];
    let band: number | null = null;
    for (const level of [50, 76, 79.9, 80, 76, 70, 69.9, 100, 0, 29.9, 30]) {
      band = bandWithHysteresis([25, 75, 90], 5, band, level);
      bands.push(band);
    }
    expect(bands).toEqual([1, 1, 1, 2, 2, 2, 1, 3, 0, 0, 1]);
  });

  it('ends in a band that holds the level, but for the margin, wherever it began', () => {
    fc.assert(
      fc.property(fc.nat(3), fc.double({ min: 0, max: 100, noNaN: true }), (previous, level) => {
        const band = bandWithHysteresis([25, 75, 90], 5, previous, level);
        const edges = [Number.NEGATIVE_INFINITY, 25, 75, 90, Number.POSITIVE_INFINITY];
        expect(level).toBeGreaterThanOrEqual(edges[band]! - 5);
        expect(level).toBeLessThan(edges[band + 1]! + 5);
        expect(bandWithHysteresis([25, 75, 90], 5, band, level)).toBe(band);
      }),
    );
  });
});

describe('the volatility regime', () => {
  it('is the band of the mean percentile, and says since when', () => {
    const levels = [50, 50, 85, 78, 72, 40];
    const regimes = volatilityRegimes(
      levels.map((level, index) => aDay(index, { ivPercentile: level, realisedVolatilityPercentile: level })),
    );
    expect(regimes.map((regime) => regime!.label)).toEqual(['NORMAL', 'NORMAL', 'ELEVATED', 'ELEVATED', 'ELEVATED', 'NORMAL']);
    expect(regimes[4]).toMatchObject({ since: dayOf(2), days: 3, level: 72, inputs: { ivPercentile: 72, termSlope: 0.01 } });
  });

  it('is higher in backwardation, and of one percentile when the other is unknown', () => {
    const [inverted] = volatilityRegimes([aDay(0, { ivPercentile: 85, realisedVolatilityPercentile: Number.NaN, termSlope: -0.02 })]);
    expect(inverted).toMatchObject({ label: 'EXTREME', level: 95 });
    expect(volatilityRegimes([aDay(0, { ivPercentile: 99, termSlope: -0.02, realisedVolatilityPercentile: 99 })])[0]!.level).toBe(100);
  });

  it('stays what it was on a day of which nothing is known, and is unknown before', () => {
    const unknown = { ivPercentile: Number.NaN, realisedVolatilityPercentile: Number.NaN };
    const regimes = volatilityRegimes([
      aDay(0, unknown),
      aDay(1, { ivPercentile: 95, realisedVolatilityPercentile: 95 }),
      aDay(2, unknown),
    ]);
    expect(regimes.map((regime) => regime?.label ?? null)).toEqual([null, 'EXTREME', 'EXTREME']);
    expect(volatilityRegimes([])).toEqual([]);
  });
});

describe('the market regime', () => {
  const priced = (prices: readonly number[], given: (index: number) => Partial<RegimeDay> = () => ({})) =>
    marketRegime(prices.map((price, index) => aDay(index, { price, ...given(index) })));

  it('is a trend when prices go one way, with its slope per day', () => {
    const up = priced(Array.from({ length: 30 }, (_, index) => 100 * 1.01 ** index))!;
    expect(up).toMatchObject({ label: 'TRENDING_UP', since: dayOf(9), days: 21, volatility: 'NORMAL' });
    expect(up.trendPerDay).toBeCloseTo(Math.log(1.01), 10);
    expect(up.efficiency).toBeCloseTo(1, 10);
    expect(priced(Array.from({ length: 30 }, (_, index) => 100 * 0.99 ** index))!.label).toBe('TRENDING_DOWN');
  });

  it('ranges when they go to and fro, or stay', () => {
    expect(priced(Array.from({ length: 30 }, (_, index) => 100 + (index % 2)))).toMatchObject({ label: 'RANGING' });
    expect(priced(Array(30).fill(100))).toMatchObject({ label: 'RANGING', efficiency: 0, trendZ: 0 });
  });

  it('keeps a trend that weakens a little, and gives it up when it is gone', () => {
    const prices = Array.from({ length: 20 }, (_, index) => 100 + index);
    const labels: string[] = [];
    const scores: number[] = [];
    for (let falling = 0; falling <= 12; falling++) {
      const regime = priced([...prices, ...Array.from({ length: falling }, (_, index) => 118 - 2 * index)])!;
      labels.push(regime.label);
      scores.push(regime.trendZ);
    }
    const between = scores.findIndex((score) => score < 1.96 && score >= 1.282);
    expect(between).toBeGreaterThan(0);
    expect(labels[between]).toBe('TRENDING_UP');
    expect(labels[scores.findIndex((score) => score < 1.282)]).toBe('RANGING');
  });

  it('is stressed while volatility is extreme and the term structure is not upward, whatever the trend', () => {
    const extreme = { ivPercentile: 99, realisedVolatilityPercentile: 99 };
    const rising = Array.from({ length: 30 }, (_, index) => 100 + index);
    expect(priced(rising, () => ({ ...extreme, termSlope: -0.01 }))).toMatchObject({ label: 'STRESSED', volatility: 'EXTREME' });
    expect(priced(rising, () => ({ ...extreme, termSlope: 0.01 }))).toMatchObject({ label: 'TRENDING_UP', volatility: 'EXTREME' });
  });

  it('is unknown with fewer than ten prices', () => {
    expect(priced(Array(9).fill(100))).toBeNull();
    expect(priced([])).toBeNull();
    expect(priced(Array(30).fill(Number.NaN))).toBeNull();
    expect(priced(Array(30).fill(0))).toBeNull();
  });
});

it('what regimes are judged by knows only the days before', () => {
  const random = seededRandom(4);
  const days = Array.from({ length: 80 }, (_, index) =>
    anUnderlyingDay({
      day: dayOf(index),
      close: 100 + 10 * random(),
      metrics: { impliedVolatility30d: 0.2 + 0.1 * random(), termSlope: 0.01 },
    }),
  );
  const rows = regimeDays(days, 252);
  expect(rows.slice(0, 50)).toEqual(regimeDays(days.slice(0, 50), 252));
  expect(rows[9]!.ivPercentile).toBeNaN();
  const before = days.slice(0, 10).map(({ metrics }) => metrics.impliedVolatility30d);
  expect(rows[10]!.ivPercentile).toBe((100 * before.filter((value) => value < days[10]!.metrics.impliedVolatility30d).length) / 10);
  // 20 returns for the first realised volatility, and 10 of those before the first percentile.
  expect(rows[29]!.realisedVolatilityPercentile).toBeNaN();
  expect(rows[30]!.realisedVolatilityPercentile).toBeGreaterThanOrEqual(0);
  expect(regimeDays([], 252)).toEqual([]);
});
