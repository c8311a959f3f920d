import { describe, expect, it } from 'vitest';
import { findAnomalies } from '../../../../src/domain/analytics/anomalies/find-anomalies.ts';
import type { MetricSeries } from '../../../../src/domain/analytics/metric-series.ts';
import { createUnderlyingAnalytics } from '../../../../src/services/history/underlying-analytics.ts';
import { finish } from '../../../support/finish.ts';
import { seededRandom } from '../../../support/seeded-random.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const QUOTED_AT = Date.parse('2026-07-24T00:00:00Z');
/** Open every day. */
const COIN = { symbol: 'BTC', kind: 'CRYPTO', quotedAtMs: QUOTED_AT } as const;

/** Noise, the last value a step before the last quotes. */
function noise(count: number, stepMs: number): MetricSeries {
  const random = seededRandom(5);
  const atMs = Array.from({ length: count }, (_value, index) => QUOTED_AT - (count - index) * stepMs);
  return { atMs, values: atMs.map((_at, index) => (index === 700 ? 9 : random())) };
}

/** Analytics whose every step uses up a turn, and how many turns they have taken. */
function countedAnalytics() {
  const taken = { turns: 0 };
  const slicer = {
    turn: async () => {
      taken.turns++;
    },
    isExhausted: () => true,
    hasTime: () => false,
  };
  return { taken, analytics: createUnderlyingAnalytics({ slicer, clock: () => QUOTED_AT }) };
}

describe('analytics of an underlying', () => {
  it('look for anomalies in turns, and find what they would in one go', async () => {
    const series = noise(1_440, MINUTE_MS);
    const { taken, analytics } = countedAnalytics();
    const range = { fromMs: QUOTED_AT - DAY_MS, beforeMs: QUOTED_AT };
    const { anomalies, tier, values } = await analytics.anomalies(COIN, 'price', range, async () => series);
    expect({ tier, values }).toEqual({ tier: 'MINUTE', values: 1_440 });
    expect(anomalies.map(({ atMs }) => atMs)).toContain(series.atMs[700]);
    expect(anomalies).toEqual(finish(findAnomalies(series, (atMs) => new Date(atMs).getUTCHours())));
    expect(taken.turns).toBeGreaterThan(10);
  });

  it('forecast in turns: one for each fit', async () => {
    const { taken, analytics } = countedAnalytics();
    const { told, through } = await analytics.forecast(COIN, 'price', 5, async () => noise(60, DAY_MS));
    expect(told.kind).toBe('forecast');
    expect(through).toBe('2026-07-23');
    // Two or four models at each of 12 origins of the back-test and at the end.
    expect(taken.turns).toBeGreaterThan(26);
  });

  it('have a turn of its own for each series, of which those of many underlyings come together', async () => {
    const { taken, analytics } = countedAnalytics();
    await Promise.all(
      Array.from({ length: 5 }, () =>
        analytics.trend(COIN, 'price', { fromMs: undefined, beforeMs: undefined }, async () => noise(20, DAY_MS)),
      ),
    );
    expect(taken.turns).toBe(5);
  });
});
