import { VOLATILITY_ESTIMATORS } from '../domain/analytics/realised-volatility.ts';
import type { RealisedVolatilitySummary } from '../domain/analytics/volatility-summary.ts';
import { knownOrNull } from '../domain/results/known-or-null.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';

export const VolatilityEstimatorEnum = builder.enumType('VolatilityEstimator', {
  description:
    'How realised volatility is measured. All but the first use the highest and lowest price of each day as observed by scans: with few scans a day they come out too low.',
  values: describedValues(VOLATILITY_ESTIMATORS, {
    CLOSE_TO_CLOSE: 'Standard deviation (n - 1) of the logarithms of daily returns.',
    PARKINSON: 'From high and low (Parkinson 1980).',
    GARMAN_KLASS: 'From high, low, open and close (Garman & Klass 1980).',
    ROGERS_SATCHELL: 'From high, low, open and close, whatever the drift (Rogers & Satchell 1991).',
    YANG_ZHANG: 'With the jumps between close and open as well, whatever the drift (Yang & Zhang 2000).',
  }),
});

export const RealisedVolatilityRef = builder.objectRef<RealisedVolatilitySummary>('RealisedVolatility').implement({
  description: 'How much the underlying has moved.',
  fields: (t) => ({
    estimator: t.expose('estimator', { type: VolatilityEstimatorEnum, description: 'How it is measured.' }),
    days: t.exposeInt('days', { description: 'Market days that it is of.' }),
    value: t.exposeFloat('value', { description: 'Decimal per year (0.25 = 25 %): 252 market days, of crypto 365.' }),
    percentile: t.float({
      nullable: true,
      description:
        'Share of the market days before, at most 252, on which it was lower, 0 to 100; null with fewer than 10 (`historyDays`).',
      resolve: ({ percentile }) => knownOrNull(percentile),
    }),
    historyDays: t.exposeInt('historyDays', {
      description: 'Market days before of which it is known, at most those of 400 calendar days.',
    }),
    through: t.expose('through', { type: 'Date', description: 'The last market day that counts.' }),
  }),
});

export interface VolatilityAnalysis {
  /** Decimal; null: unknown. */
  readonly implied: number | null;
  readonly ivRank: number;
  readonly ivPercentile: number;
  /** Market days before the last with a known implied volatility. */
  readonly historyDays: number;
  readonly requiredDays: number;
  realised(estimator: RealisedVolatilitySummary['estimator'], days: number): RealisedVolatilitySummary | null;
}

export const VolatilityAnalysisRef = builder.objectRef<VolatilityAnalysis>('VolatilityAnalysis').implement({
  description: 'How much the underlying is expected to move, and has moved.',
  fields: (t) => ({
    implied: t.exposeFloat('implied', {
      nullable: true,
      description:
        '30-day constant-maturity at-the-money implied volatility, decimal (0.25 = 25 %); null when the chain does not bracket 30 days.',
    }),
    ivRank: t.float({
      nullable: true,
      description:
        '100·(IV-min)/(max-min) of that over 252 market days, or the `historyDays` that are known, 0 to 100; null with fewer than `requiredDays` of those, or when all are alike.',
      resolve: ({ ivRank }) => knownOrNull(ivRank),
    }),
    ivPercentile: t.float({
      nullable: true,
      description:
        'Share of the last 252 market days, or the `historyDays` that are known, on which it was lower, 0 to 100; null with fewer than `requiredDays` of those.',
      resolve: ({ ivPercentile }) => knownOrNull(ivPercentile),
    }),
    historyDays: t.exposeInt('historyDays', {
      description:
        'Market days before the last with a known implied volatility, at most those of 400 calendar days. A rank among a few of them is a weak one.',
    }),
    requiredDays: t.exposeInt('requiredDays', { description: 'Market days that rank and percentile need.' }),
    realised: t.field({
      type: RealisedVolatilityRef,
      nullable: true,
      description: 'Realised volatility of the last market days; null with too few of them behind the last gap of more than a week.',
      args: {
        method: t.arg({
          type: VolatilityEstimatorEnum,
          defaultValue: 'CLOSE_TO_CLOSE',
          required: true,
          description: 'How it is measured.',
        }),
        days: t.arg.int({ defaultValue: 20, required: true, description: 'Market days, 2 to 252.' }),
      },
      resolve: (analysis, { method, days }) => analysis.realised(method, days),
    }),
  }),
});
