import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { createDecodeWorker } from '../../../src/services/market-data/decode/decode-worker.ts';
import { createReplayFeed } from '../../../src/services/market-data/replay/replay-feed.ts';
import { liveFirings, replayedFirings } from '../../support/alert-firings.ts';
import { scanAndWait } from '../../support/scan-and-wait.ts';
import { startTestApp } from '../../support/start-test-app.ts';
import { createTestDatabase } from '../../support/test-database.ts';

/** GOOG on 2015-12-24, a chain every five minutes. */
const RECORDING = fileURLToPath(
  new URL('../../../../shared/data/chains/goog-2015-12-24/goog_20151224_chain_5min_ffill.csv.gz', import.meta.url),
);
const isThere = existsSync(RECORDING);
if (!isThere) console.warn(`skipped: alerts over the recorded chains of GOOG, which are not at ${RECORDING}`);
const CHAINS = 42;

const CREATE =
  'mutation ($rule: AlertRuleInput!) { alertRuleCreate(input: { rule: $rule }) { ... on AlertRulePayload { rule { id } } ... on ValidationError { issues { path message } } } }';

const price = { of: 'UNDERLYING', subject: 'GOOG', metric: 'price' };
const RULES = [
  { name: 'price', condition: { threshold: { source: price, direction: 'BELOW', fireAt: 748.5, clearAt: 749 } } },
  {
    name: 'volatility',
    condition: { threshold: { source: { ...price, metric: 'impliedVolatility30d' }, direction: 'ABOVE', fireAt: 0.2 } },
  },
  { name: 'move', condition: { change: { source: price, windowMs: 3_600_000, measure: 'ABSOLUTE', fireAt: 2 } } },
  { name: 'anomaly', condition: { anomaly: { source: price, samples: 20, minimumSamples: 5, fireAt: 2.5 } } },
  { name: 'match', condition: { match: { criteria: { score: { min: 50 } }, holdMs: 1_000 } }, groupBy: ['strategy'] },
  {
    name: 'screen',
    condition: { enterExit: { criteria: { score: { min: 50 } }, on: 'ENTER' } },
    groupBy: ['symbol', 'strategy'],
  },
  { name: 'exits', condition: { enterExit: { criteria: {}, on: 'EXIT', holdMs: 1_000 } }, groupBy: ['symbol', 'strategy'] },
  {
    name: 'scans',
    condition: { threshold: { source: { of: 'SERVICE', subject: 'scanner', metric: 'contracts' }, direction: 'ABOVE', fireAt: 1 } },
  },
];

describe.skipIf(!isThere)('alerts over a recorded day of GOOG', () => {
  it('fire and end at the moments that a backtest over what was stored gives', { timeout: 600_000 }, async () => {
    const database = await createTestDatabase();
    const feed = createReplayFeed({ path: RECORDING, speed: 'step', loop: false, clock: () => 0, decodeWorker: createDecodeWorker() });
    const app = await startTestApp({ databaseUrl: database.url, feed });
    try {
      await vi.waitUntil(() => app.logs.some(({ msg }) => msg === 'alert rules are evaluated here'));
      const from = new Date(Date.now() - 1_000);
      const rules = [];
      for (const rule of RULES) {
        const { data, errors } = await app.ask(CREATE, { rule: { throttleMs: 0, ...rule } });
        expect(errors).toBeUndefined();
        expect(data.alertRuleCreate).toHaveProperty('rule');
        rules.push({ name: rule.name, id: data.alertRuleCreate.rule.id as string });
      }
      for (let chain = 0; chain < CHAINS; chain++) await scanAndWait(app, ['GOOG']);
      const counts: Record<string, number> = {};
      for (const { name, id } of rules) {
        // What counts for a time only is over in the end, and both know.
        await vi.waitFor(
          async () => {
            const live = await liveFirings(app, id);
            expect({ name, firings: await replayedFirings(app, { ruleId: id, range: { from } }) }).toEqual({ name, firings: live });
            counts[name] = live.length;
          },
          { interval: 500 },
        );
      }
      console.info(`alerts over the recorded day: ${JSON.stringify(counts)}`);
      expect(Object.entries(counts).filter(([, count]) => count === 0)).toEqual([]);
    } finally {
      await app.stop();
      await database.drop();
    }
  });
});
