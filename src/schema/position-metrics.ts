import { METRICS, type MetricValues } from '../domain/candidates/metric.ts';
import { builder } from './builder.ts';

export const PositionMetricsRef = builder.objectRef<MetricValues>('PositionMetrics').implement({
  description: 'Every number that describes a position. Null: unknown.',
  fields: (t) => Object.fromEntries(METRICS.map(({ name, description }) => [name, t.exposeFloat(name, { nullable: true, description })])),
});
