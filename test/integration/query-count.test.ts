import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { scanAndWait } from '../support/scan-and-wait.ts';
import { type StatementCounter, startStatementCounter } from '../support/start-statement-counter.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** Shorter than the interval at which followers look at their streams. */
const QUIET_MS = 200;

let database: TestDatabase;
let counter: StatementCounter;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  const url = new URL(database.url);
  counter = await startStatementCounter({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(counter.port);
  app = await startTestApp({
    databaseUrl: url.href,
    feed: aChainFeed(['AAA', 'BBB', 'CCC', 'DDD', 'EEE']),
    // What is held in memory takes no statement for its rows (see recent-results.test.ts).
    env: { RECENT_RESULTS: '0' },
  });
  for (let stored = 0; stored < 100; ) stored += await scanAndWait(app, ['AAA', 'BBB', 'CCC', 'DDD', 'EEE']);
  await scanAndWait(app, ['AAA']);
});

afterAll(async () => {
  const clean = await app.stop();
  counter.close();
  await database.drop();
  if (!clean) throw new Error(`expected a clean stop, got ${JSON.stringify(app.logs.slice(-5))}`);
});

const PAGE = `query ($first: Int!) { scanResults(first: $first) { edges { cursor node {
  id score legs { symbol } filter { name criteria { score { min } } } underlying { symbol price expirations { date } } scanRun { id state }
} } pageInfo { hasNextPage } } }`;

/** Least and most repetitions of a request. What other work of the server reads meanwhile is not read each time. */
const ASKED = { least: 3, most: 40 };

/**
 * The answer, and the statements that it takes whenever it is asked: those that all repetitions have in common, each as often as in the one that has it least often. What
 * the evaluator of alerts, followers of streams and the upkeep read in between falls out, sooner or later; a statement of the request never does.
 *
 * @param count of the statements it should take: as long as there are more, it is asked again
 */
async function statementsOf(query: string, variables: Record<string, unknown>, count: number) {
  await quiet();
  for (let asked = 1, common: string[] | null = null; ; asked++) {
    counter.take();
    const { data, errors } = await app.ask(query, variables);
    const statements = counter.take().filter(isSelect);
    expect(errors).toBeUndefined();
    common = common === null ? statements : inCommon(common, statements);
    if (asked >= ASKED.most || (asked >= ASKED.least && common.length <= count)) return { data, statements: common };
  }
}

/** Waits until what a scan leads to is over; not for ever, for what reads all the time falls out anyhow. */
async function quiet(): Promise<void> {
  for (let round = 0; round < 25; round++) {
    counter.take();
    await setTimeout(QUIET_MS);
    if (!counter.take().some(isSelect)) return;
  }
}

function inCommon(statements: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return statements.filter((sql) => {
    const at = left.indexOf(sql);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

const isSelect = (sql: string) => sql.startsWith('select');

const tableOf = (sql: string) => /from "?(\w+)/.exec(sql)?.[1];

describe('a page of results with the filter, the underlying and the run of each', () => {
  it.each([10, 100])(
    'of %i rows takes one statement for the rows, one for the filters and one for the runs (underlyings are held in memory)',
    async (first) => {
      const { data, statements } = await statementsOf(PAGE, { first }, 3);
      expect(data.scanResults.edges).toHaveLength(first);
      const { edges } = data.scanResults;
      expect(edges.every(({ node }: { node: Record<string, unknown> }) => node.filter && node.underlying && node.scanRun)).toBe(true);
      expect(statements.map(tableOf).sort()).toEqual(['filters', 'scan_results', 'scan_runs']);
    },
  );
});

it('nodes of one kind take one statement, whatever their number', async () => {
  const { data } = await app.ask('{ scanResults(first: 100) { edges { node { id } } } }');
  const ids = data.scanResults.edges.map((edge: { node: { id: string } }) => edge.node.id);
  const { data: read, statements } = await statementsOf('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids }, 1);
  expect(read.nodes).toHaveLength(100);
  expect(statements.map(tableOf)).toEqual(['scan_results']);
});

it('a page of notifications takes one statement for the rows, one for the attempts and one for the channels, and their condition', async () => {
  // One on which nothing is sent, so that no sender asks the database meanwhile.
  const create = await app.ask(`mutation { notificationChannelCreate(input: { name: "Desk", settings: { webSocket: true } }) {
    ... on NotificationChannelCreatePayload { channel { id } } } }`);
  const { id } = create.data.notificationChannelCreate.channel;
  for (let sent = 0; sent < 5; sent += 1) {
    await app.ask('mutation ($id: ID!) { notificationChannelTest(input: { id: $id }) { __typename } }', { id });
  }
  const { data, statements } = await statementsOf(
    '{ notifications(first: 5) { edges { node { attempts { outcome } channel { name breaker { phase } } } } } }',
    {},
    4,
  );
  expect(data.notifications.edges).toHaveLength(5);
  expect(data.notifications.edges[0].node).toEqual({
    attempts: [],
    channel: { name: 'Desk', breaker: { phase: 'CLOSED' } },
  });
  expect(statements.map(tableOf).sort()).toEqual([
    'notification_attempts',
    'notification_channel_states',
    'notification_channels',
    'notifications',
  ]);
});
