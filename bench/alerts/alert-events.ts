import type { AlertEvent } from '../../dist/domain/alerts/alert-event.js';
import { eventsOfObservation, eventsOfReport } from '../../dist/domain/alerts/alert-events-of.js';
import { UNDERLYING_METRICS, type UnderlyingMetricValues } from '../../dist/domain/analytics/underlying-metric.js';
import { METRICS, type MetricValues } from '../../dist/domain/candidates/metric.js';
import type { ScanTally } from '../../dist/domain/results/scan-report.js';
import type { StrategyId } from '../../dist/domain/strategies/strategy-id.js';
import { seededRandom } from '../seeded-random.ts';

export const SYMBOLS = Array.from({ length: 100 }, (_, index) => `S${String(index).padStart(3, '0')}`);
export const FILTERS = Array.from({ length: 20 }, (_, index) => `filter-${index}`);
export const STRATEGIES = ['BULL_PUT_SPREAD', 'BEAR_CALL_SPREAD', 'IRON_CONDOR', 'LONG_CALL'] as const satisfies readonly StrategyId[];
export const START_MS = Date.UTC(2026, 0, 5, 14, 30);
/** Prices stay within. */
export const PRICES = { from: 90, to: 110 } as const;

/** From one scan to the next. With 100 underlyings each is seen every two seconds, now and then for ten seconds not at all. */
const SCAN_INTERVAL_MS = 20;
const RESULTS_PER_SCAN = 10;
const FILTERS_PER_SCAN = 3;

export interface TimedEvent {
  readonly event: AlertEvent;
  readonly atMs: number;
}

/**
 * What a scanner tells: of each scan of an underlying the observation, results, changes of opportunities and the report, as the events that the product makes of them.
 * Prices wander, scores and the other numbers of a result are uniform. The same for the same seed.
 */
export function makeAlertEvents(scans: number, seed: number): TimedEvent[] {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!;
  const prices = new Map(SYMBOLS.map((symbol) => [symbol, (PRICES.from + PRICES.to) / 2]));
  const events: TimedEvent[] = [];
  for (let scan = 0; scan < scans; scan++) {
    const atMs = START_MS + scan * SCAN_INTERVAL_MS;
    const symbol = pick(SYMBOLS);
    const price = Math.min(PRICES.to, Math.max(PRICES.from, prices.get(symbol)! + (random() - 0.5) * 2));
    prices.set(symbol, price);
    const told = eventsOfObservation({
      id: `o${scan}`,
      symbol,
      scanRunId: 'run',
      sequence: scan,
      quotedAtMs: atMs,
      observedAtMs: atMs,
      metrics: observed(price, random),
    });
    for (let index = 0; index < RESULTS_PER_SCAN; index++) {
      const strategy = pick(STRATEGIES);
      const legsKey = `${symbol} ${strategy} ${Math.floor(random() * 20)}`;
      const subject = { filterId: pick(FILTERS), symbol, strategy, expiration: '2026-12-18', legsKey, metrics: resultMetrics(random) };
      const change = random() < 0.1 ? 'LEFT' : 'UPDATED';
      told.push({ kind: 'RESULT', id: `r${scan}-${index}`, atMs, subject });
      told.push({ kind: 'OPPORTUNITY', id: `c${scan}-${index}`, atMs, change, subject });
    }
    const tally = (): ScanTally => ({ selected: 20 * random(), results: 10 * random(), bestScore: 100 * random() });
    told.push(
      ...eventsOfReport({
        id: `s${scan}`,
        symbol,
        scanRunId: 'run',
        sequence: scan,
        quotedAtMs: atMs,
        reportedAtMs: atMs,
        durationMs: 100 * random(),
        contracts: 2_000,
        candidates: 50_000,
        filters: Object.fromEntries(Array.from({ length: FILTERS_PER_SCAN }, () => [pick(FILTERS), tally()])),
        strategies: { [pick(STRATEGIES)]: tally() },
      }),
    );
    for (const event of told) events.push({ event, atMs });
  }
  return events;
}

function observed(price: number, random: () => number): UnderlyingMetricValues {
  return Object.fromEntries(
    UNDERLYING_METRICS.map(({ name }) => [name, name === 'price' ? price : random()]),
  ) as unknown as UnderlyingMetricValues;
}

/** The score from 0 to 100, the others from 0 to 1. */
function resultMetrics(random: () => number): MetricValues {
  return Object.fromEntries(METRICS.map(({ name }) => [name, name === 'score' ? 100 * random() : random()])) as MetricValues;
}
