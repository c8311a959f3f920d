import { UNDERLYING_METRICS, type UnderlyingMetricName } from '../domain/analytics/underlying-metric.ts';
import { builder } from './builder.ts';

/** `impliedVolatility30d` is IMPLIED_VOLATILITY_30D. */
const enumName = (name: UnderlyingMetricName) => name.replace(/(?<=[a-z])(?=[A-Z0-9])|(?<=\d)(?=[A-Z])/g, '_').toUpperCase();

export const UnderlyingMetricEnum = builder.enumType('UnderlyingMetric', {
  description: 'A number that describes an underlying at one moment.',
  values: Object.fromEntries(UNDERLYING_METRICS.map(({ name, description }) => [enumName(name), { value: name, description }])) as Record<
    string,
    { value: UnderlyingMetricName; description: string }
  >,
});
