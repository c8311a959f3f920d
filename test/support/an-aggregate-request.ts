import { ROLLUP_METRICS, type RollupMetric } from '../../src/domain/rollups/rollup-metric.ts';
import type { AggregateRequest } from '../../src/services/history/aggregate-request.ts';

const HOUR_MS = 3_600_000;

/** Of the day on which New York puts its clocks forward, UTC. */
export const NOON = Date.UTC(2019, 2, 10, 12);

export const rollupMetric = (name: string): RollupMetric => ROLLUP_METRICS.find((metric) => metric.name === name)!;

/** Of that day, hour by hour. */
export function anAggregateRequest(overrides: Partial<AggregateRequest> = {}): AggregateRequest {
  return {
    metric: rollupMetric('RESULT_IMPLIED_VOLATILITY'),
    interval: 'HOUR_1',
    timeZone: 'UTC',
    fromMs: NOON - 12 * HOUR_MS,
    beforeMs: NOON + 12 * HOUR_MS,
    groupBy: [],
    where: {},
    criteria: null,
    hiddenFilterIds: [],
    fill: 'NONE',
    withPercentiles: true,
    ...overrides,
  };
}
