import type { BrierScore } from '../domain/analytics/calibration/brier-score.ts';
import type { Calibration, CalibrationBucket } from '../domain/analytics/calibration/calibrate.ts';
import type { TradeStatistics } from '../domain/analytics/performance/trade-statistics.ts';
import { knownOrNull } from '../domain/results/known-or-null.ts';
import type { ScoreCalibration } from '../services/history/score-calibration.ts';
import { builder } from './builder.ts';

const BrierScoreRef = builder.objectRef<BrierScore>('BrierScore').implement({
  description:
    'The score of Brier (1950) and its parts (Murphy 1973): score = reliability - resolution + uncertainty + withinBucket. All 0 to 1.',
  fields: (t) => ({
    score: t.exposeFloat('score', {
      description: 'Mean squared difference of the probability and what happened; 0 is perfect, 0.25 is always saying one half.',
    }),
    reliability: t.exposeFloat('reliability', { description: 'How far what happened lies from what was said, by bucket; 0 is best.' }),
    resolution: t.exposeFloat('resolution', { description: 'How far what happened differs between buckets; more is better.' }),
    uncertainty: t.exposeFloat('uncertainty', { description: 'Of what happened, whoever predicts: share·(1 - share).' }),
    withinBucket: t.exposeFloat('withinBucket', {
      description: 'What comes from probabilities that differ within a bucket; may be below 0.',
    }),
  }),
});

const CalibrationBucketRef = builder.objectRef<CalibrationBucket>('CalibrationBucket').implement({
  description: 'Opportunities of which about the same was predicted.',
  fields: (t) => ({
    from: t.exposeFloat('from', { description: 'Lowest predicted probability, inclusive, 0 to 1.' }),
    before: t.exposeFloat('before', { description: 'Highest, exclusive (1 inclusive).' }),
    count: t.exposeInt('count', { description: 'Opportunities.' }),
    meanPredicted: t.exposeFloat('meanPredicted', { description: 'Mean of what was predicted, 0 to 1.' }),
    observed: t.exposeFloat('observed', { description: 'Share that ended with a profit, 0 to 1.' }),
    observedLower: t.exposeFloat('observedLower', { description: 'Lower end of its 95 % confidence interval (Wilson 1927).' }),
    observedUpper: t.exposeFloat('observedUpper', { description: 'Upper end of its 95 % confidence interval (Wilson 1927).' }),
  }),
});

const ScoreBucketRef = builder.objectRef<CalibrationBucket>('ScoreBucket').implement({
  description: 'Opportunities with about the same score.',
  fields: (t) => ({
    from: t.float({ description: 'Lowest score, inclusive, 0 to 100.', resolve: ({ from }) => Math.round(from * 100) }),
    before: t.float({ description: 'Highest, exclusive (100 inclusive).', resolve: ({ before }) => Math.round(before * 100) }),
    count: t.exposeInt('count', { description: 'Opportunities.' }),
    meanScore: t.float({ description: 'Mean score, 0 to 100.', resolve: ({ meanPredicted }) => meanPredicted * 100 }),
    profitableShare: t.exposeFloat('observed', { description: 'Share that ended with a profit, 0 to 1.' }),
    profitableLower: t.exposeFloat('observedLower', { description: 'Lower end of its 95 % confidence interval (Wilson 1927).' }),
    profitableUpper: t.exposeFloat('observedUpper', { description: 'Upper end of its 95 % confidence interval (Wilson 1927).' }),
  }),
});

const ProbabilityCalibrationRef = builder.objectRef<Calibration>('ProbabilityCalibration').implement({
  description: 'Predicted probability of profit against what happened.',
  fields: (t) => ({
    count: t.exposeInt('count', { description: 'Opportunities with a prediction and a known outcome.' }),
    meanPredicted: t.exposeFloat('meanPredicted', { description: 'Mean of what was predicted, 0 to 1.' }),
    observed: t.exposeFloat('observed', { description: 'Share that ended with a profit, 0 to 1.' }),
    skill: t.float({
      nullable: true,
      description: '1 - score / that of always saying the share that happened; above 0: better than that. Null when all ended alike.',
      resolve: ({ skill }) => knownOrNull(skill),
    }),
    brier: t.expose('brier', { type: BrierScoreRef, description: 'How good the predictions were.' }),
    buckets: t.field({
      type: [CalibrationBucketRef],
      description: 'By tenths of the probability; empty ones are left out.',
      resolve: ({ buckets }) => [...buckets],
    }),
  }),
});

const TradeStatisticsRef = builder.objectRef<TradeStatistics>('TradeStatistics').implement({
  description:
    'What the opportunities came to, each held to expiration, without fees. Profits are fractions of the price of the underlying at entry (0.01 = 1 %).',
  fields: (t) => ({
    trades: t.exposeInt('trades', { description: 'Opportunities.' }),
    winShare: t.exposeFloat('winShare', { description: 'Share with a profit above 0, 0 to 1.' }),
    expectancy: t.exposeFloat('expectancy', { description: 'Mean profit (+) or loss (-).' }),
    profitFactor: t.float({
      nullable: true,
      description: 'Sum of profits over sum of losses; null without a loss.',
      resolve: ({ profitFactor }) => knownOrNull(profitFactor),
    }),
    best: t.exposeFloat('best', { description: 'Highest profit.' }),
    worst: t.exposeFloat('worst', { description: 'Worst loss.' }),
  }),
});

export const ScoreCalibrationRef = builder.objectRef<ScoreCalibration>('ScoreCalibration').implement({
  description:
    'What was predicted of opportunities when they entered, against what became of them at expiration. Of the 5,000 newest that have expired and whose underlying has a known price of the last day before. Opportunities of one underlying and expiration share one outcome: confidence is less than their number suggests.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'Of those that entered from here on, UTC.', resolve: ({ fromMs }) => new Date(fromMs) }),
    before: t.field({ type: 'DateTime', description: 'Up to here, exclusive.', resolve: ({ beforeMs }) => new Date(beforeMs) }),
    settled: t.exposeInt('settled', { description: 'Opportunities whose outcome is known.' }),
    probability: t.expose('probability', {
      type: ProbabilityCalibrationRef,
      nullable: true,
      description: 'Of the probability of profit; null without an outcome.',
    }),
    byScore: t.field({
      type: [ScoreBucketRef],
      description: 'By tens of the score; empty ones are left out.',
      resolve: ({ byScore }) => [...byScore],
    }),
    trades: t.expose('trades', { type: TradeStatisticsRef, nullable: true, description: 'What they came to; null without an outcome.' }),
  }),
});
