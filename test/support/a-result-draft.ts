import { v7 as uuidv7 } from 'uuid';
import { METRICS, type MetricName, type MetricValues } from '../../src/domain/candidates/metric.ts';
import type { ScanResultDraft } from '../../src/domain/results/scan-result.ts';

type Overrides = Partial<Omit<ScanResultDraft, 'metrics'>> & { metrics?: Partial<Record<MetricName, number | null>> };

const FILTER_ID = '01900000-0000-7000-8000-000000000001';

/** A bull put spread as the scanner would find it. */
export function aResultDraft({ metrics, ...overrides }: Overrides = {}): ScanResultDraft {
  const values = Object.fromEntries(METRICS.map(({ name }) => [name, 1])) as Record<MetricName, number | null>;
  return {
    id: uuidv7(),
    scanRunId: '01900000-0000-7000-8000-000000000002',
    filterId: FILTER_ID,
    filterRevision: 1,
    symbol: 'AAA',
    strategy: 'BULL_PUT_SPREAD',
    legs: [
      {
        kind: 'OPTION',
        symbol: 'AAA261218P00095000',
        right: 'PUT',
        strike: 95,
        expiration: '2026-12-18',
        quantity: 1,
        bid: 1,
        ask: 1.1,
        impliedVolatility: 0.3,
        delta: -0.2,
      },
      {
        kind: 'OPTION',
        symbol: 'AAA261218P00100000',
        right: 'PUT',
        strike: 100,
        expiration: '2026-12-18',
        quantity: -1,
        bid: 2.2,
        ask: 2.3,
        impliedVolatility: null,
        delta: null,
      },
    ],
    legsKey: '1 AAA261218P00095000 -1 AAA261218P00100000',
    expiration: '2026-12-18',
    quotedAtMs: Date.UTC(2026, 10, 20, 15, 30),
    marketState: 'REGULAR',
    scoreComponents: [{ name: 'probabilityOfProfit', weight: 1, value: 60, explanation: 'quotes " and \\ and\ttabs' }],
    reasons: ['first, with a comma', 'second "quoted" \\ backslashed\nand broken'],
    ...overrides,
    metrics: { ...values, ...metrics } satisfies MetricValues,
  };
}
