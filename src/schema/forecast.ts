import type { BackTest } from '../domain/analytics/forecasts/back-test.ts';
import { FORECAST_REFUSALS, type Forecast, type ForecastRefusal } from '../domain/analytics/forecasts/forecast.ts';
import type { ForecastPoint } from '../domain/analytics/forecasts/forecast-point.ts';
import { builder } from './builder.ts';
import { describedValues } from './described-values.ts';
import { UnderlyingMetricEnum } from './underlying-metric.ts';

/** What is said of one metric. */
interface Told {
  readonly metric: string;
  readonly through: string | null;
}

const ForecastPointRef = builder.objectRef<ForecastPoint>('ForecastPoint').implement({
  description: 'What is expected of one market day, in the unit of the metric.',
  fields: (t) => ({
    day: t.exposeInt('step', { description: 'Market days from the last known one; 1 is the next.' }),
    value: t.exposeFloat('value', { description: 'The median.' }),
    lower80: t.exposeFloat('lower80', { description: 'Lower end of the 80 % interval.' }),
    upper80: t.exposeFloat('upper80', { description: 'Upper end of the 80 % interval.' }),
    lower95: t.exposeFloat('lower95', { description: 'Lower end of the 95 % interval.' }),
    upper95: t.exposeFloat('upper95', { description: 'Upper end of the 95 % interval.' }),
  }),
});

const BackTestRef = builder.objectRef<BackTest>('ForecastBackTest').implement({
  description: 'How wrong the same procedure would have been before, from moments at which only the values up to them were known.',
  fields: (t) => ({
    origins: t.exposeInt('origins', { description: 'Moments from which was forecast.' }),
    forecasts: t.exposeInt('forecasts', { description: 'Values compared with what came.' }),
    meanAbsoluteError: t.exposeFloat('meanAbsoluteError', { description: 'In the unit of the metric.' }),
    naiveMeanAbsoluteError: t.exposeFloat('naiveMeanAbsoluteError', {
      description: 'Of saying that the last value stays, in the unit of the metric.',
    }),
    beatsNaive: t.boolean({
      description: 'Whether it was less wrong than that. If not, the last value is the better forecast.',
      resolve: ({ meanAbsoluteError, naiveMeanAbsoluteError }) => meanAbsoluteError < naiveMeanAbsoluteError,
    }),
    meanAbsoluteScaledError: t.exposeFloat('scaledError', {
      description: 'Mean absolute error over the mean daily change known before (MASE, Hyndman & Koehler 2006).',
    }),
    coverage80: t.exposeFloat('coverage80', { description: 'Share of what came within the 80 % interval, 0 to 1.' }),
    coverage95: t.exposeFloat('coverage95', { description: 'Share of what came within the 95 % interval, 0 to 1.' }),
  }),
});

const ForecastRef = builder.objectRef<Forecast & Told>('Forecast').implement({
  description: 'The next market days of a metric by additive exponential smoothing (ETS, Hyndman et al. 2008), the form chosen by AICc.',
  fields: (t) => ({
    metric: t.field({ type: UnderlyingMetricEnum, description: 'The metric.', resolve: ({ metric }) => metric as never }),
    through: t.expose('through', { type: 'Date', nullable: true, description: 'The last market day that it rests on.' }),
    points: t.field({ type: [ForecastPointRef], description: 'The next market days.', resolve: ({ points }) => [...points] }),
    values: t.exposeInt('values', {
      description: 'Market days it rests on: those behind the last gap of more than 7 days, of 400 calendar days at most.',
    }),
    isLogarithmic: t.exposeBoolean('isLogarithmic', {
      description: 'Whether logarithms were forecast: all values are above 0, and no interval reaches below.',
    }),
    hasTrend: t.boolean({ description: 'Whether it has a (damped) trend.', resolve: ({ shape }) => shape.hasTrend }),
    seasonLength: t.int({
      description: 'Market days after which a season comes again; 0: it has none.',
      resolve: ({ shape }) => shape.seasonLength,
    }),
    alpha: t.float({ description: 'Share of a surprise that stays in the level, 0 to 1.', resolve: ({ parameters }) => parameters.alpha }),
    backTest: t.expose('backTest', { type: BackTestRef, description: 'Its own error so far.' }),
  }),
});

const ForecastRefusalReasonEnum = builder.enumType('ForecastRefusalReason', {
  description: 'Why there is no forecast.',
  values: describedValues(FORECAST_REFUSALS, {
    TOO_LITTLE_HISTORY: 'Fewer than 30 market days in a row, or fewer than a back-test of this horizon needs.',
    CONSTANT: 'The values do not differ, or did not for too long.',
  }),
});

const ForecastRefusalRef = builder.objectRef<ForecastRefusal & Told>('ForecastRefusal').implement({
  description: 'There is no forecast that could be trusted.',
  fields: (t) => ({
    metric: t.field({ type: UnderlyingMetricEnum, description: 'The metric.', resolve: ({ metric }) => metric as never }),
    reason: t.expose('reason', { type: ForecastRefusalReasonEnum, description: 'Why.' }),
    message: t.exposeString('message', {
      description: 'What was expected, and what there is: days in a row are those behind the last gap of more than 7 days.',
    }),
  }),
});

export const ForecastResultRef = builder.unionType('ForecastResult', {
  description: 'A forecast, or why there is none.',
  types: [ForecastRef, ForecastRefusalRef],
  resolveType: ({ kind }) => (kind === 'forecast' ? ForecastRef : ForecastRefusalRef),
});
