import { DAILY_METRICS, type DailyMetricName, type UnderlyingDay } from '../../src/domain/analytics/underlying-day.ts';

/** A day at a price, of which only the metrics given are known. */
export function anUnderlyingDay({
  metrics,
  ...given
}: Partial<Omit<UnderlyingDay, 'metrics'>> & { readonly metrics?: Partial<UnderlyingDay['metrics']> } = {}): UnderlyingDay {
  const close = given.close ?? 100;
  const unknown = Object.fromEntries(DAILY_METRICS.map((name) => [name, Number.NaN])) as Record<DailyMetricName, number>;
  return {
    day: '2026-07-23',
    observations: 1,
    lastAtMs: 0,
    open: close,
    high: close,
    low: close,
    close,
    ...given,
    metrics: { ...unknown, ...metrics },
  };
}
