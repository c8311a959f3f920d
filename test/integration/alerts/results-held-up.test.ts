import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { expect, it, vi } from 'vitest';
import { aChainFeed } from '../../support/a-chain-feed.ts';
import { liveFirings, replayedFirings } from '../../support/alert-firings.ts';
import { holdLock } from '../../support/hold-lock.ts';
import { requestScan } from '../../support/scan-and-wait.ts';
import { startTestApp } from '../../support/start-test-app.ts';
import { createTestDatabase } from '../../support/test-database.ts';
import { waitingStatements } from '../../support/waiting-statements.ts';

const CREATE =
  'mutation ($rule: AlertRuleInput!) { alertRuleCreate(input: { rule: $rule }) { ... on AlertRulePayload { rule { id } } ... on ValidationError { issues { path message } } } }';

/** Time enough for changes to be stored, if nothing kept them. */
const WHILE_MS = 1_000;

it('a screen that asks for the score hears of what enters while results are slow to be stored', async () => {
  const database = await createTestDatabase();
  const sql = postgres(database.url, { max: 1 });
  const app = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA']), env: { STREAM_POLL_INTERVAL_MS: '50' } });
  try {
    await vi.waitUntil(() => app.logs.some(({ msg }) => msg === 'alert rules are evaluated here'));
    const from = new Date(Date.now() - 1_000);
    const condition = { enterExit: { criteria: { score: { min: 0 } }, on: 'ENTER' } };
    const { data } = await app.ask(CREATE, { rule: { name: 'screen', throttleMs: 0, condition, groupBy: ['symbol', 'strategy'] } });
    const ruleId = data.alertRuleCreate.rule.id as string;
    const results = await holdLock(database.url, 'lock table scan_results in share mode');
    try {
      await requestScan(app, ['AAA']);
      await vi.waitFor(async () => expect(await waitingStatements(database.url)).not.toEqual([]));
      await pause(WHILE_MS);
      const changes = await sql`select 1 from opportunity_changes`;
      expect(changes.length).toBe(0);
    } finally {
      await results.release();
    }
    await vi.waitFor(
      async () => {
        const live = await liveFirings(app, ruleId);
        expect(live.length).toBeGreaterThan(0);
        expect(await replayedFirings(app, { ruleId, range: { from } })).toEqual(live);
      },
      { interval: 500 },
    );
  } finally {
    await app.stop();
    await sql.end();
    await database.drop();
  }
});
