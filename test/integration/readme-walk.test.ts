import { readFileSync } from 'node:fs';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { WALK_OPERATIONS } from '../../src/server/walk-operations.ts';
import { createSimulatedFeed } from '../../src/services/market-data/simulated/simulated-feed.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** The operations of a section of the README, in order. */
const STEPS = (() => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const section = /^## From a preset to an alert$([\s\S]*?)^## /m.exec(readme)![1]!;
  return [...section.matchAll(/```graphql\n([\s\S]*?)\n```/g)].map(([, text]) => text!);
})();

let database: TestDatabase;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  // As `npm start` does it, with fewer underlyings and shorter pauses.
  app = await startTestApp({
    databaseUrl: database.url,
    feed: createSimulatedFeed({ seed: 1, clock: Date.now, underlyings: 6 }),
    env: { SCANNER_AUTOSTART: 'true', SCANNER_MINIMUM_INTERVAL_MS: '1000' },
  });
});

afterAll(async () => {
  const isClean = await app.stop();
  await database.drop();
  if (!isClean) throw new Error(`expected a clean stop, got ${JSON.stringify(app.logs.slice(-5))}`);
});

/** What the operation of a step answers, without the name of its only field. */
async function step(number: number, variables: Record<string, string> = {}) {
  const { data, errors } = await app.ask(STEPS[number - 1]!, variables);
  expect(errors).toBeUndefined();
  const [answer] = Object.values(data);
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  return answer as any;
}

interface WatchedAlerts {
  readonly alerts: {
    readonly changes: readonly {
      readonly kind: string;
      readonly notify: string;
      readonly alert: { readonly id: string; readonly status: string };
    }[];
  };
}

it('has the same steps in the README and in the tabs of GraphiQL', () => {
  expect(STEPS).toEqual(WALK_OPERATIONS.map(({ query }) => query));
});

it('leads from a preset to an alert that is acknowledged', async () => {
  const { filter } = await step(1);
  expect(filter).toMatchObject({ name: 'My spreads', revision: 1 });
  const filterId = filter.id;
  await vi.waitFor(async () => expect((await step(2, { filterId })).matching).toBeGreaterThan(0));
  expect((await step(3, { filterId })).filter).toMatchObject({
    revision: 2,
    revisions: {
      edges: [
        { node: { revision: 2, reason: 'only what scores well', changes: [{ path: 'criteria.score', from: null, to: '{"min":50}' }] } },
        {},
      ],
    },
  });
  const { channel } = await step(4);
  expect(channel).toMatchObject({ name: 'Server log', kind: 'LOG' });
  const { rule } = await step(5, { filterId, channelId: channel.id });
  expect(rule).toMatchObject({ groupBy: ['symbol'], throttleMs: 30_000 });
  const ruleId = rule.id;
  expect((await step(6, { ruleId })).alert).toMatchObject({ isTest: true, status: 'RESOLVED' });
  const logged = (kind: string) => app.logs.filter((line) => line.msg === 'alert notification' && line.kind === kind);
  await vi.waitFor(() => expect(logged('TEST')).toHaveLength(1));

  const client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
  const seen: WatchedAlerts['alerts']['changes'][number][] = [];
  const watching = (async () => {
    for await (const { data, errors } of client.iterate<WatchedAlerts>({ query: STEPS[6]!, variables: { ruleId } })) {
      expect(errors).toBeUndefined();
      seen.push(...data!.alerts.changes);
    }
  })();
  const isOver = (id: string) => seen.some(({ alert }) => alert.id === id && alert.status === 'RESOLVED');
  const goesOn = () => seen.find(({ alert }) => alert.status === 'FIRING' && !isOver(alert.id));
  let fired = await vi.waitUntil(goesOn);
  expect(fired).toMatchObject({ kind: 'FIRED', notify: 'FIRED' });
  let { alert } = await step(8, { alertId: fired.alert.id });
  // The market may end it before it is acknowledged.
  while (!alert) {
    fired = await vi.waitUntil(goesOn);
    ({ alert } = await step(8, { alertId: fired.alert.id }));
  }
  expect(alert).toMatchObject({ status: 'ACKNOWLEDGED', acknowledgedBy: 'local' });
  expect(alert.history.at(-1)).toMatchObject({ kind: 'ACKNOWLEDGED', actor: 'local', comment: 'looking at it' });
  await vi.waitUntil(() => seen.some(({ kind, alert: { id } }) => kind === 'ACKNOWLEDGED' && id === fired.alert.id));
  await vi.waitFor(() => expect(logged('FIRED').length).toBeGreaterThan(0));
  await client.dispose();
  await watching;
});
