import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recommend } from '../../../../../src/domain/analytics/recommendations/recommend.ts';
import { RECOMMENDATION_RULES } from '../../../../../src/domain/analytics/recommendations/recommendation.ts';
import type { RecommendationFacts } from '../../../../../src/domain/analytics/recommendations/recommendation-facts.ts';
import { recommendationFactsOf } from '../../../../../src/domain/analytics/recommendations/recommendation-facts-of.ts';
import type { MarketRegime, MarketRegimeLabel } from '../../../../../src/domain/analytics/regimes/market-regime.ts';
import type { VolatilityRegimeLabel } from '../../../../../src/domain/analytics/regimes/volatility-regime.ts';
import { anUnderlyingDay } from '../../../../support/an-underlying-day.ts';

const inputs = { day: '2026-07-23', price: 100, ivPercentile: 96, realisedVolatilityPercentile: 90, termSlope: 0 };
const market = (label: MarketRegimeLabel, given: Partial<MarketRegime> = {}): MarketRegime => ({
  label,
  since: '2026-07-20',
  days: 4,
  trendZ: -2.5,
  trendPerDay: -0.01,
  efficiency: 0.1,
  volatility: 'NORMAL',
  inputs,
  ...given,
});
const volatility = (label: VolatilityRegimeLabel, days: number) => ({ label, since: '2026-07-20', days, level: 50, inputs });
const UNKNOWN: RecommendationFacts = {
  ivRank: Number.NaN,
  ivPercentile: Number.NaN,
  volatilityDays: Number.NaN,
  impliedVolatility: Number.NaN,
  realisedVolatility: Number.NaN,
  termSlope: Number.NaN,
  skew: Number.NaN,
  skewPercentile: Number.NaN,
  skewDays: Number.NaN,
  volatilityRegime: null,
  marketRegime: null,
  volume: null,
};
const of = (facts: Partial<RecommendationFacts>) => recommend({ ...UNKNOWN, ...facts });
const against = (facts: Partial<RecommendationFacts>) => of(facts)[0]!.counterEvidence.map(({ fact }) => fact);

describe('recommendations', () => {
  it('are none when nothing is known', () => {
    expect(recommend(UNKNOWN)).toEqual([]);
  });

  it.each([
    [50, 0.221, 0.2, ['SELL_RICH_PREMIUM']],
    [49.9, 0.221, 0.2, []],
    [50, 0.219, 0.2, []],
    [90, 0.3, 0, []],
    [90, 0.3, Number.NaN, []],
  ])(
    'to sell rich premium need rank and premium: rank %d, implied %d, realised %d',
    (ivRank, impliedVolatility, realisedVolatility, rules) => {
      expect(of({ ivRank, impliedVolatility, realisedVolatility }).map(({ rule }) => rule)).toEqual(rules);
    },
  );

  it('to sell rich premium name what speaks for and against them', () => {
    const rich = { ivRank: 70, impliedVolatility: 0.3, realisedVolatility: 0.2 };
    const [quiet] = of(rich);
    expect(quiet!.evidence).toEqual([
      { fact: 'ivRank', value: 70, statement: expect.stringContaining('50') },
      { fact: 'impliedToRealised', value: expect.closeTo(1.5, 12), statement: expect.stringContaining('1.1') },
    ]);
    expect(quiet!.counterEvidence).toEqual([]);
    expect(
      against({ ...rich, termSlope: -0.006, volatilityRegime: volatility('ELEVATED', 3), marketRegime: market('TRENDING_DOWN') }),
    ).toEqual(['termSlope', 'volatilityRegimeDays', 'marketTrendZ']);
    expect(against({ ...rich, volatilityRegime: volatility('ELEVATED', 4), marketRegime: market('TRENDING_UP') })).toEqual([]);
  });

  it('to buy cheap premium need a low percentile and no premium', () => {
    const cheap = { ivPercentile: 20, impliedVolatility: 0.2, realisedVolatility: 0.2 };
    expect(of(cheap)).toMatchObject([{ rule: 'BUY_CHEAP_PREMIUM' }]);
    expect(of({ ...cheap, ivPercentile: 20.1 })).toEqual([]);
    expect(of({ ...cheap, realisedVolatility: 0.19 })).toEqual([]);
    expect(against({ ...cheap, termSlope: 0.03, volatilityRegime: volatility('LOW', 63), marketRegime: market('RANGING') })).toEqual([
      'termSlope',
      'volatilityRegimeDays',
      'marketEfficiency',
    ]);
  });

  it('say when what is usual is told from few days', () => {
    const rich = { ivRank: 70, impliedVolatility: 0.3, realisedVolatility: 0.2 };
    const cheap = { ivPercentile: 20, impliedVolatility: 0.2, realisedVolatility: 0.2 };
    const steep = { skewPercentile: 80, skew: 0.05 };
    expect(of({ ...rich, volatilityDays: 62 })[0]!.counterEvidence).toEqual([
      { fact: 'historyDays', value: 62, statement: expect.stringContaining('63') },
    ]);
    expect(against({ ...rich, volatilityDays: 63 })).toEqual([]);
    expect(against({ ...cheap, volatilityDays: 10 })).toEqual(['historyDays']);
    expect(against({ ...steep, skewDays: 10, volatilityDays: 100 })).toEqual(['historyDays']);
    expect(against({ ...steep, skewDays: 63, volatilityDays: 10 })).toEqual([]);
  });

  it('to sell a steep skew need a steep one', () => {
    expect(of({ skewPercentile: 80, skew: 0.05 })).toMatchObject([{ rule: 'SELL_STEEP_SKEW', counterEvidence: [] }]);
    expect(of({ skewPercentile: 79, skew: 0.05 })).toEqual([]);
    expect(of({ skewPercentile: 99, skew: -0.01 })).toEqual([]);
    expect(against({ skewPercentile: 80, skew: 0.05, marketRegime: market('STRESSED') })).toContain('marketTrendZ');
  });

  it('to wait need stress or deep backwardation', () => {
    expect(of({ termSlope: -0.01 })).toMatchObject([{ rule: 'WAIT_OUT_STRESS', evidence: [{ fact: 'termSlope' }] }]);
    expect(of({ termSlope: -0.009 })).toEqual([]);
    expect(of({ marketRegime: market('STRESSED', { days: 10 }) })).toMatchObject([
      { evidence: [{ fact: 'marketRegimeDays', value: 10 }], counterEvidence: [{ fact: 'marketRegimeDays' }] },
    ]);
  });

  it('to watch need an accumulation', () => {
    const pattern = { kind: 'ACCUMULATION' as const, fromDay: '2026-07-10', toDay: '2026-07-23', zScore: 1, openInterestChange: 0.2 };
    const volume = { day: '2026-07-23', volume: 1, usualVolume: 1, baselineDays: 20, zScore: 0, patterns: [pattern] };
    expect(of({ volume })).toMatchObject([{ rule: 'WATCH_BUILD_UP', counterEvidence: [] }]);
    expect(of({ volume: { ...volume, patterns: [{ ...pattern, kind: 'SPIKE' }] } })).toEqual([]);
    expect(against({ volume, volatilityRegime: volatility('LOW', 1), marketRegime: market('RANGING') })).toEqual([
      'marketEfficiency',
      'volatilityLevel',
    ]);
  });

  it('are of the list, rest on something, and tell no number that is none, whatever the facts', () => {
    const number = fc.oneof(fc.double({ min: -1, max: 120, noNaN: true }), fc.constant(Number.NaN), fc.constant(0));
    const facts = fc.record({
      ivRank: number,
      ivPercentile: number,
      impliedVolatility: number,
      realisedVolatility: number,
      termSlope: number,
      skew: number,
      skewPercentile: number,
    });
    fc.assert(
      fc.property(facts, fc.constantFrom(null, market('STRESSED'), market('RANGING')), (given, marketRegime) => {
        for (const { rule, evidence, counterEvidence } of of({ ...given, marketRegime })) {
          expect(RECOMMENDATION_RULES).toContain(rule);
          expect(evidence.length).toBeGreaterThan(0);
          expect([...evidence, ...counterEvidence].every(({ value }) => Number.isFinite(value))).toBe(true);
        }
      }),
    );
  });
});

it('what recommendations are judged by says of how many days before it is', () => {
  const days = Array.from({ length: 12 }, (_, index) =>
    anUnderlyingDay({
      day: `2026-07-${String(index + 1).padStart(2, '0')}`,
      metrics: { impliedVolatility30d: index === 3 ? Number.NaN : 0.2, skew25Delta: index < 2 ? Number.NaN : 0.01 * index },
    }),
  );
  const facts = recommendationFactsOf(days, days, { ivRank: 50, ivPercentile: 50 }, 365);
  expect(facts).toMatchObject({ volatilityDays: 10, skewDays: 9, skewPercentile: Number.NaN });
  expect(recommendationFactsOf([], [], { ivRank: 50, ivPercentile: 50 }, 365)).toMatchObject({ volatilityDays: 0, skewDays: 0 });
});
