import type { UnderlyingDay } from '../../src/domain/analytics/underlying-day.ts';
import { UNDERLYING_METRICS, type UnderlyingMetricName } from '../../src/domain/analytics/underlying-metric.ts';

/** A day at a price, of which only the metrics given are known. */
export function anUnderlyingDay({
  metrics,
  ...given
}: Partial<Omit<UnderlyingDay, 'metrics'>> & { readonly metrics?: Partial<UnderlyingDay['metrics']> } = {}): UnderlyingDay {
  const close = given.close ?? 100;
  const unknown = Object.fromEntries(UNDERLYING_METRICS.map(({ name }) => [name, Number.NaN])) as Record<UnderlyingMetricName, number>;
  return {
    day: '2026-07-23',
    observations: 1,
    lastAtMs: 0,
    open: close,
    high: close,
    low: close,
    close,
    ...given,
    metrics: { ...unknown, price: close, ...metrics },
  };
}
