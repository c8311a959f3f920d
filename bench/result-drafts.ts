import { v7 as uuidv7 } from 'uuid';
import { METRICS, type MetricName } from '../dist/domain/candidates/metric.js';
import type { ScanResultDraft } from '../dist/domain/results/scan-result.js';
import { seededRandom } from './seeded-random.ts';

/** Bull put spreads as the scanner finds them, with numbers from a seed. */
export function makeDrafts(count: number, seed = 1): ScanResultDraft[] {
  const random = seededRandom(seed);
  const scanRunId = uuidv7();
  const filterId = uuidv7();
  return Array.from({ length: count }, (_, index) => {
    const strike = 4_000 + 5 * (index % 200);
    const leg = (offset: number, quantity: number) => ({
      kind: 'OPTION' as const,
      symbol: `SPXW261218P0${strike + offset}000`,
      right: 'PUT' as const,
      strike: strike + offset,
      expiration: '2026-12-18',
      quantity,
      bid: Math.round(random() * 5_000) / 100,
      ask: Math.round(random() * 5_000) / 100,
      impliedVolatility: random(),
      delta: -random(),
    });
    return {
      id: uuidv7(),
      scanRunId,
      filterId,
      filterRevision: 1,
      symbol: 'SPX',
      strategy: 'BULL_PUT_SPREAD' as const,
      legs: [leg(-25, 1), leg(0, -1)],
      legsKey: `SPXW261218P0${strike - 25}000 1 SPXW261218P0${strike}000 -1`,
      expiration: '2026-12-18',
      quotedAtMs: Date.UTC(2026, 10, 20, 15, 30),
      marketState: 'REGULAR' as const,
      metrics: Object.fromEntries(METRICS.map(({ name }, metric) => [name, metric % 9 === 4 ? null : random() * 100])) as Record<
        MetricName,
        number | null
      >,
      scoreComponents: ['probabilityOfProfit', 'return', 'expectedValue', 'liquidity'].map((name) => ({
        name,
        weight: 0.25,
        value: random() * 100,
        explanation: `The ${name} is ${(random() * 100).toFixed(1)}, on a scale from 0 to 100.`,
      })),
      reasons: ['Bull put spread: receives 1.03 USD per unit for 30.7 days.', 'Strength: The bid-ask spread is 2.0 % of the price.'],
    };
  });
}
