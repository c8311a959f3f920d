import { MARKET_REGIMES, type MarketRegime } from '../domain/analytics/regimes/market-regime.ts';
import type { RegimeDay } from '../domain/analytics/regimes/regime-day.ts';
import { VOLATILITY_REGIMES, type VolatilityRegime } from '../domain/analytics/regimes/volatility-regime.ts';
import { knownOrNull } from '../domain/results/known-or-null.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';

const VolatilityRegimeEnum = builder.enumType('VolatilityRegimeLabel', {
  description: 'How restless it is, against the year before.',
  values: describedValues(VOLATILITY_REGIMES, {
    LOW: 'Level below 25.',
    NORMAL: 'Level of 25 or more.',
    ELEVATED: 'Level of 75 or more.',
    EXTREME: 'Level of 90 or more. Among the fewest days that a percentile is told of, that is one day of ten.',
  }),
});

const MarketRegimeEnum = builder.enumType('MarketRegimeLabel', {
  description: 'Where the market goes.',
  values: describedValues(MARKET_REGIMES, {
    TRENDING_UP: "Prices of the last 20 market days rise: Mann-Kendall's Z reached 1.96, and has not fallen below 1.28 since.",
    TRENDING_DOWN: 'They fall likewise.',
    RANGING: 'Neither.',
    STRESSED: 'The volatility regime is EXTREME and the term structure is not upward, whatever the trend.',
  }),
});

const RegimeInputsRef = builder.objectRef<RegimeDay>('RegimeInputs').implement({
  description: 'What a regime was judged by on its last day. Null: unknown.',
  fields: (t) => ({
    day: t.expose('day', { type: 'Date', description: 'The market day.' }),
    price: t.float({
      nullable: true,
      description: 'Last price of the day, quote currency per unit.',
      resolve: ({ price }) => knownOrNull(price),
    }),
    ivPercentile: t.float({
      nullable: true,
      description: 'Share of the market days before, at most 252, with lower 30-day implied volatility, 0 to 100.',
      resolve: ({ ivPercentile }) => knownOrNull(ivPercentile),
    }),
    realisedVolatilityPercentile: t.float({
      nullable: true,
      description: 'Share of the market days before, at most 252, with lower realised volatility (20 days, close to close), 0 to 100.',
      resolve: ({ realisedVolatilityPercentile }) => knownOrNull(realisedVolatilityPercentile),
    }),
    termSlope: t.float({
      nullable: true,
      description: 'Implied volatility at 60 days less that at 30 days, decimal; negative: backwardation.',
      resolve: ({ termSlope }) => knownOrNull(termSlope),
    }),
  }),
});

const VolatilityRegimeRef = builder.objectRef<VolatilityRegime>('VolatilityRegime').implement({
  description:
    'How restless it is. The level is the mean of the percentiles of implied and realised volatility, or the one that is known, and 10 more in backwardation; an edge of the bands must be passed by 5 before the label changes.',
  fields: (t) => ({
    label: t.expose('label', { type: VolatilityRegimeEnum, description: 'The regime.' }),
    since: t.expose('since', { type: 'Date', description: 'Its first market day.' }),
    days: t.exposeInt('days', { description: 'Market days of it so far, the first included.' }),
    level: t.exposeFloat('level', { description: 'What the bands are laid over, 0 to 100.' }),
    inputs: t.expose('inputs', { type: RegimeInputsRef, description: 'What the level is made of.' }),
  }),
});

const MarketRegimeRef = builder.objectRef<MarketRegime>('MarketRegime').implement({
  description:
    'Where the market goes. It describes the last 20 market days; prices are not independent from day to day, so it foretells nothing.',
  fields: (t) => ({
    label: t.expose('label', { type: MarketRegimeEnum, description: 'The regime.' }),
    since: t.expose('since', { type: 'Date', description: 'Its first market day.' }),
    days: t.exposeInt('days', { description: 'Market days of it so far, the first included.' }),
    trendZ: t.exposeFloat('trendZ', { description: "Mann-Kendall's Z of the prices of the last 20 market days, standard deviations." }),
    trendPerDay: t.exposeFloat('trendPerDay', {
      description: 'Slope of the line through the logarithms of those prices per market day, decimal (0.001 = 0.1 % a day).',
    }),
    efficiency: t.exposeFloat('efficiency', {
      description: 'Distance from the first to the last of those prices over the way between, 0 to 1; 1: straight (Kaufman 1995).',
    }),
    volatility: t.expose('volatility', {
      type: VolatilityRegimeEnum,
      nullable: true,
      description: 'The volatility regime; null: unknown.',
    }),
    inputs: t.expose('inputs', { type: RegimeInputsRef, description: 'The values of its last day.' }),
  }),
});

export interface Regimes {
  readonly volatility: VolatilityRegime | null;
  readonly market: MarketRegime | null;
}

export const RegimesRef = builder.objectRef<Regimes>('Regimes').implement({
  description: 'What kind of market it is, from the last value of each market day, with what that was judged by.',
  fields: (t) => ({
    volatility: t.expose('volatility', {
      type: VolatilityRegimeRef,
      nullable: true,
      description: 'Null until a percentile is known: 10 market days of implied volatility before, or 30 of prices in a row.',
    }),
    market: t.expose('market', { type: MarketRegimeRef, nullable: true, description: 'Null with fewer than 10 market days.' }),
  }),
});
