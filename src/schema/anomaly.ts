import { ANOMALY_KINDS, type Anomaly } from '../domain/analytics/anomalies/find-anomalies.ts';
import { knownOrNull } from '../domain/results/known-or-null.ts';
import type { AnomalyReport, SeriesLooked, TrendReport } from '../services/history/underlying-analytics.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';
import { UnderlyingMetricEnum } from './underlying-metric.ts';

const AnomalyKindEnum = builder.enumType('AnomalyKind', {
  description: 'By what something is unusual.',
  values: describedValues(ANOMALY_KINDS, {
    OUTLIER:
      'One value is 3.5 robust standard deviations from the median around it and that of its season (hour of the day, day of the week).',
    SHIFT:
      'The exponentially weighted moving average (λ 0.2) is 3 of its standard deviations from the median of the first third (Roberts 1959).',
    CHANGE_POINT:
      'The mean changed, looking back at all values (PELT, Killick et al. 2012). The penalty is 3·ln(n) variances of the noise, more where values depend on the one before; what wanders strongly is cut into steps all the same.',
  }),
});

const AnomalyRef = builder.objectRef<Anomaly>('Anomaly').implement({
  description: 'Something unusual in the history of a metric.',
  fields: (t) => ({
    kind: t.expose('kind', { type: AnomalyKindEnum, description: 'By what it is unusual.' }),
    at: t.field({ type: 'DateTime', description: 'When it began, market time, UTC.', resolve: ({ atMs }) => new Date(atMs) }),
    until: t.field({
      type: 'DateTime',
      description: 'When it was last so, market time, UTC.',
      resolve: ({ untilMs }) => new Date(untilMs),
    }),
    value: t.exposeFloat('value', { description: 'The value then, in the unit of the metric; of a change the mean behind it.' }),
    expected: t.exposeFloat('expected', { description: 'What was expected; of a change the mean before it.' }),
    zScore: t.float({
      nullable: true,
      description: 'How far off, in standard deviations: of the values, of the moving average, or of the noise.',
      resolve: ({ zScore }) => knownOrNull(zScore),
    }),
  }),
});

const SeriesTierEnum = builder.enumType('SeriesTier', {
  description: 'Which values a history is looked at by.',
  values: {
    MINUTE: { description: 'The last of each minute: spans of up to a day.' },
    HOUR: { description: 'The last of each hour: up to 60 days.' },
    DAY: { description: 'The last of each day of UTC.' },
  },
});

const SeriesLookedInterface = builder.interfaceRef<SeriesLooked>('HistoryFinding').implement({
  description: 'Something found in the history of a metric, and what it was found in. Days on which the market is closed are left out.',
  fields: (t) => ({
    from: t.field({
      type: 'DateTime',
      description: 'Beginning of what was looked at, inclusive, market time, UTC.',
      resolve: ({ fromMs }) => new Date(fromMs),
    }),
    before: t.field({ type: 'DateTime', description: 'Its end, exclusive.', resolve: ({ beforeMs }) => new Date(beforeMs) }),
    tier: t.expose('tier', { type: SeriesTierEnum, description: 'By which values.' }),
    values: t.exposeInt('values', { description: 'How many of those are known.' }),
  }),
});

export const AnomalyReportRef = builder.objectRef<AnomalyReport & { readonly metric: string }>('AnomalyReport').implement({
  description:
    'What is unusual in the history of a metric. The outliers and changes are found looking back: a moment is judged by what came after as well.',
  interfaces: [SeriesLookedInterface],
  isTypeOf: (value) => 'anomalies' in (value as object),
  fields: (t) => ({
    metric: t.field({ type: UnderlyingMetricEnum, description: 'The metric.', resolve: ({ metric }) => metric as never }),
    anomalies: t.field({
      type: [AnomalyRef],
      description:
        'In order of time; none when the values are all alike. An outlier is told of 20 values or more, a shift of more than 20, a change of the mean of 6 or more.',
      resolve: ({ anomalies }) => [...anomalies],
    }),
  }),
});

export const MetricTrendRef = builder.objectRef<TrendReport & { readonly metric: string }>('MetricTrend').implement({
  description:
    'Where a metric tends to. All figures are null with fewer than 3 values. Values of neighbouring days depend on each other, so confidence is less than the statistics say.',
  interfaces: [SeriesLookedInterface],
  isTypeOf: (value) => 'trend' in (value as object),
  fields: (t) => ({
    metric: t.field({ type: UnderlyingMetricEnum, description: 'The metric.', resolve: ({ metric }) => metric as never }),
    slopePerDay: t.float({
      nullable: true,
      description: 'Of the least-squares line, in the unit of the metric per calendar day.',
      resolve: ({ trend }) => knownOrNull(trend?.slope ?? Number.NaN),
    }),
    rSquared: t.float({
      nullable: true,
      description: 'Share of the variance that the line explains, 0 to 1; null when all values are alike.',
      resolve: ({ trend }) => knownOrNull(trend?.rSquared ?? Number.NaN),
    }),
    tStatistic: t.float({
      nullable: true,
      description: 'Slope over its standard error; null also when all values lie on the line.',
      resolve: ({ trend }) => knownOrNull(trend?.tStatistic ?? Number.NaN),
    }),
    mannKendallZ: t.float({
      nullable: true,
      description: "Mann-Kendall's test for a trend of any form, standard deviations; beyond ±1.96: with 95 % confidence.",
      resolve: ({ trend }) => knownOrNull(trend?.kendallZ ?? Number.NaN),
    }),
  }),
});
