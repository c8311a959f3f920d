import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aChain, aChainFeed } from '../../support/a-chain-feed.ts';
import { startNotificationProcess } from '../../support/a-notification-process.ts';
import { BACKTEST, backtest, liveFirings, replayedFirings } from '../../support/alert-firings.ts';
import { openEventStream } from '../../support/open-event-stream.ts';
import { scanAndWait } from '../../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const CREATE = `mutation ($rule: AlertRuleInput!) { alertRuleCreate(input: { rule: $rule }) {
  __typename ... on AlertRulePayload { rule { id } } ... on Error { message } ... on ValidationError { issues { path message } } } }`;
let database: TestDatabase;
let feed: ReturnType<typeof aChainFeed>;
let app: TestApp;
let startedAt: Date;
let quotedAtMs: number;
let sql: postgres.Sql;
let scans: number;

beforeEach(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
  scans = 0;
  feed = aChainFeed(['AAA', 'BBB']);
  app = await startTestApp({ databaseUrl: database.url, feed, env: { STREAM_POLL_INTERVAL_MS: '50' } });
  startedAt = new Date(Date.now() - 1_000);
  quotedAtMs = Date.now();
  await vi.waitUntil(() => app.logs.some(({ msg }) => msg === 'alert rules are evaluated here'));
});

afterEach(async () => {
  await app.stop();
  await sql.end();
  await database.drop();
});

async function createRule(rule: Record<string, unknown>): Promise<string> {
  const { data, errors } = await app.ask(CREATE, { rule: { throttleMs: 0, ...rule } });
  expect(errors).toBeUndefined();
  expect(data.alertRuleCreate).toMatchObject({ __typename: 'AlertRulePayload' });
  return data.alertRuleCreate.rule.id;
}

async function scanAt(spot: number, symbol = 'AAA', volatility = 0.3): Promise<void> {
  quotedAtMs += 1_000;
  const chain = aChain(symbol, { spot, volatility, quotedAtMs });
  feed.answer(symbol, () => chain);
  await scanAndWait(app, [symbol]);
  scans++;
  // A run is over when its results are stored; what was observed is stored beside them.
  await vi.waitFor(async () => {
    const [row] = await sql<{ observations: number }[]>`select count(*)::int as observations from underlying_observations`;
    expect(row!.observations).toBe(scans);
  });
}

const from = () => ({ range: { from: startedAt } });

const price = (subject: string | null = 'AAA') => ({ of: 'UNDERLYING', subject, metric: 'price' });

describe('the same recording, live and in a backtest', () => {
  it('fires and ends at the same moments, for rules of every kind that reads what is stored', async () => {
    const rules = await Promise.all(
      [
        { name: 'threshold', condition: { threshold: { source: price(null), direction: 'ABOVE', fireAt: 105, clearAt: 103 } } },
        {
          name: 'change',
          condition: { change: { source: price(), windowMs: 600_000, measure: 'RELATIVE', direction: 'DOWN', fireAt: 0.03 } },
        },
        {
          name: 'match',
          condition: { match: { criteria: { strategies: { in: ['BULL_PUT_SPREAD'] } }, holdMs: 1_000 } },
          groupBy: ['symbol', 'strategy'],
        },
        { name: 'screen', condition: { enterExit: { criteria: { symbols: { in: ['BBB'] } }, on: 'ENTER' } }, groupBy: ['symbol'] },
        { name: 'anomaly', condition: { anomaly: { source: price(), samples: 8, minimumSamples: 3 } } },
        {
          name: 'two of three',
          condition: { threshold: { source: price(), direction: 'BELOW', fireAt: 101 } },
          occurrences: { n: 2, m: 3 },
        },
        { name: 'kept', condition: { threshold: { source: price(), direction: 'ABOVE', fireAt: 105 } }, keepFiringMs: 700 },
        {
          name: 'filters',
          condition: { threshold: { source: { of: 'STRATEGY', subject: null, metric: 'selected' }, direction: 'ABOVE', fireAt: 1 } },
        },
      ].map(async (rule) => ({ ...rule, id: await createRule(rule) })),
    );
    const prices = [100, 100.2, 99.9, 106, 104, 102, 100, 110, 100, 100.5, 106, 99];
    for (const [index, spot] of prices.entries()) {
      await scanAt(spot, 'AAA', 0.3 + index / 100);
      if (index % 3 === 0) await scanAt(spot + 1, 'BBB', 0.35);
    }
    // What counts for a time only is over.
    const isQuiet = async () =>
      (await liveFirings(app, rules[2]!.id)).every(({ resolvedAt }) => resolvedAt !== null) &&
      (await liveFirings(app, rules[6]!.id)).every(({ resolvedAt }) => resolvedAt !== null);
    await vi.waitUntil(isQuiet, { interval: 200 });
    for (const { id, name } of rules) {
      await vi.waitFor(async () =>
        expect({ name, firings: await replayedFirings(app, { ruleId: id, ...from() }) }).toEqual({
          name,
          firings: await liveFirings(app, id),
        }),
      );
      expect({ name, count: (await liveFirings(app, id)).length > 0 }).toEqual({ name, count: true });
    }
  });
});

describe('a backtest', () => {
  it('takes a rule that is not saved, and counts flaps and what would have been told', async () => {
    for (const spot of [100, 106, 100, 107, 100]) await scanAt(spot);
    const teller = await startNotificationProcess({ databaseUrl: database.url, maximumChannels: 0 });
    const { channel } = await teller.channel({ kind: 'LOG' });
    await teller.close();
    const channelId = Buffer.from(`NotificationChannel:${channel.id}`).toString('base64');
    const told = await backtest(app, {
      ...from(),
      rule: { condition: { threshold: { source: price(), direction: 'ABOVE', fireAt: 105 } }, throttleMs: 0, channelIds: [channelId] },
    });
    expect(told.at(-1)).toMatchObject({
      isOver: true,
      progress: 1,
      rows: 5,
      firingCount: 2,
      openCount: 0,
      flapCount: 2,
      channels: [{ channelId, total: 4, fired: 2, again: 0, resolved: 2, escalated: 0 }],
    });
    const throttled = await backtest(app, {
      ...from(),
      rule: {
        condition: { threshold: { source: price(), direction: 'ABOVE', fireAt: 105 } },
        throttleMs: 3_600_000,
        channelIds: [channelId],
      },
      flapBelowMs: 0,
    });
    expect(throttled.at(-1)).toMatchObject({ firingCount: 2, flapCount: 0, channels: [{ total: 1, fired: 1 }] });
    expect((await app.ask('{ alerts { edges { node { id } } } }')).data.alerts.edges).toEqual([]);
  });

  it('tries other levels of a rule that is there', async () => {
    for (const spot of [100, 106, 100]) await scanAt(spot);
    const ruleId = await createRule({ name: 'High', condition: { threshold: { source: price(), direction: 'ABOVE', fireAt: 120 } } });
    expect((await backtest(app, { ruleId, ...from() })).at(-1).firingCount).toBe(0);
    const rule = { condition: { threshold: { source: price(), direction: 'ABOVE', fireAt: 105 } } };
    expect((await backtest(app, { ruleId, rule, ...from() })).at(-1).firingCount).toBe(1);
  });

  it('refuses a range without a beginning and a rule that is none, at the place where it was written', async () => {
    const input = { range: {}, rule: { condition: { threshold: { source: price(), direction: 'ABOVE', fireAt: 1, clearAt: 2 } } } };
    await expect(backtest(app, input)).rejects.toMatchObject([{ extensions: { issues: [{ path: 'range.from' }] } }]);
    await expect(backtest(app, { ...input, ...from() })).rejects.toMatchObject([
      { extensions: { issues: [{ path: 'rule.condition.threshold.clearAt' }] } },
    ]);
  });

  it('comes over an event stream too, and ends it', async () => {
    await scanAt(106);
    const rule = { condition: { threshold: { source: price(), direction: 'ABOVE', fireAt: 105 } } };
    const stream = await openEventStream(`${app.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: BACKTEST, variables: { input: { rule, range: { from: startedAt } } } }),
    });
    await stream.ended;
    const told = stream.events.filter(({ event }) => event === 'next').map(({ data }) => data.data.alertRuleBacktest);
    expect(told.at(-1)).toMatchObject({ isOver: true, firingCount: 1, openCount: 1 });
  });
});
