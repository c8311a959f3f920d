import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TEST_SECRETS_KEY } from '../../support/a-notification-process.ts';
import { aBearerToken, TOKEN_SECRET } from '../../support/a-token.ts';
import { askAs } from '../../support/ask-as.ts';
import { type StatementCounter, startStatementCounter } from '../../support/start-statement-counter.ts';
import { startTestApp, type TestApp } from '../../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
let counter: StatementCounter;
let app: TestApp;
let ann: string;
let bob: string;
let admin: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const url = new URL(database.url);
  counter = await startStatementCounter({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(counter.port);
  app = await startTestApp({ databaseUrl: url.href, env: { AUTH_JWT_SECRET: TOKEN_SECRET, SECRETS_KEY: TEST_SECRETS_KEY } });
  ann = await aBearerToken({ subject: 'ann', roles: ['TRADER'] });
  bob = await aBearerToken({ subject: 'bob', roles: ['TRADER'] });
  admin = await aBearerToken();
});

afterAll(async () => {
  const isClean = await app.stop();
  counter.close();
  await database.drop();
  if (!isClean) throw new Error('expected a clean stop');
});

async function ask(shown: string, query: string, variables: Record<string, unknown> = {}) {
  const { data, errors } = await askAs(app, shown, query, variables);
  expect(errors).toBeUndefined();
  return data;
}

async function channel(shown: string, name: string): Promise<string> {
  const query = `mutation ($input: NotificationChannelCreateInput!) { notificationChannelCreate(input: $input) {
    ... on NotificationChannelCreatePayload { channel { id } } } }`;
  return (await ask(shown, query, { input: { name, settings: { webSocket: true } } })).notificationChannelCreate.channel.id;
}

const ALERTS = '{ alerts { edges { node { id notifications { id kind state alertId channel { name } } history { notify } } } } }';

interface Told {
  readonly id: string;
  readonly notifications: readonly { readonly id: string; readonly kind: string; readonly channel: { readonly name: string } }[];
}

async function alerts(shown: string): Promise<Told[]> {
  return (await ask(shown, ALERTS)).alerts.edges.map(({ node }: { node: Told }) => node);
}

const sentTo = ({ notifications }: Told) => notifications.map(({ kind, channel: { name } }) => `${kind} ${name}`).toSorted();

describe('the notifications of an alert', () => {
  beforeAll(async () => {
    const channelIds = [await channel(ann, "Ann's"), await channel(bob, "Bob's")];
    const rule = {
      name: 'High',
      condition: { threshold: { source: { of: 'UNDERLYING', subject: null, metric: 'price' }, direction: 'ABOVE', fireAt: 1_000_000 } },
      channelIds,
    };
    const create = `mutation ($input: AlertRuleCreateInput!) { alertRuleCreate(input: $input) {
      __typename ... on AlertRulePayload { rule { id } } ... on ValidationError { issues { path message } } } }`;
    const { alertRuleCreate } = await ask(admin, create, { input: { rule } });
    for (let made = 0; made < 3; made++) {
      const test = 'mutation ($input: AlertRuleTestInput!) { alertRuleTest(input: $input) { __typename } }';
      await ask(admin, test, { input: { id: alertRuleCreate.rule.id } });
    }
    await vi.waitUntil(async () => (await alerts(admin)).filter((alert) => sentTo(alert).length === 2).length === 3);
  });

  it('are what was sent of it on which channels: all of them for an administrator', async () => {
    for (const alert of await alerts(admin)) {
      expect(new Set(sentTo(alert))).toEqual(new Set(["TEST Ann's", "TEST Bob's"]));
      expect(alert.notifications.map((notification) => ({ ...notification, alertId: alert.id }))).toEqual(alert.notifications);
    }
  });

  it('are for the owner of a channel those of that channel, as `notifications` gives them', async () => {
    for (const [shown, name] of [
      [ann, "Ann's"],
      [bob, "Bob's"],
    ] as const) {
      for (const alert of await alerts(shown)) {
        expect(sentTo(alert)).toEqual([`TEST ${name}`]);
        const page = await ask(shown, 'query ($ids: [ID!]) { notifications(filter: { alertIds: $ids }) { edges { node { id } } } }', {
          ids: [alert.id],
        });
        expect(page.notifications.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual(
          alert.notifications.map(({ id }) => id),
        );
      }
    }
  });

  it('take one statement, whatever the number of alerts', async () => {
    counter.take();
    const query = 'query ($first: Int) { alerts(first: $first) { edges { node { notifications { state } } } } }';
    for (const first of [1, 3]) {
      const { alerts: page } = await ask(admin, query, { first });
      expect(page.edges).toHaveLength(first);
      const statements = counter.take().filter((sql) => sql.includes('cross join lateral') && sql.includes('from notifications'));
      expect(statements).toHaveLength(1);
    }
  });
});
