import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { aChain, aChainFeed } from '../../support/a-chain-feed.ts';
import { aBearerToken, TOKEN_SECRET } from '../../support/a-token.ts';
import { askAs } from '../../support/ask-as.ts';
import { startTestApp, type TestApp } from '../../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
let app: TestApp;
const feed = aChainFeed(['AAA']);

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({ databaseUrl: database.url, feed, env: { AUTH_JWT_SECRET: TOKEN_SECRET, STREAM_POLL_INTERVAL_MS: '50' } });
  await vi.waitUntil(() => app.logs.some(({ msg }) => msg === 'alert rules are evaluated here'));
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

it('a rule hears of what its owner may see: not of what the private filter of somebody else finds', async () => {
  const [ann, bob] = await Promise.all(['ann', 'bob'].map((subject) => aBearerToken({ subject, roles: ['TRADER'] })));
  const made = await askAs(
    app,
    ann!,
    `mutation { filterCreate(input: { name: "Mine", visibility: PRIVATE, criteria: { strategies: { in: [BULL_PUT_SPREAD] } } }) {
      ... on FilterCreatePayload { filter { id } } } }`,
  );
  const { id } = made.data.filterCreate.filter;
  const create = `mutation ($name: String!, $screen: String!, $filter: ID!) {
    match: alertRuleCreate(input: { rule: { name: $name, throttleMs: 0, condition: { match: { filterId: $filter } } } }) { __typename }
    enter: alertRuleCreate(input: { rule: { name: $screen, throttleMs: 0, condition: { enterExit: { filterId: $filter } } } }) { __typename } }`;
  for (const [name, shown] of Object.entries({ ann, bob })) {
    const { data } = await askAs(app, shown!, create, { name, screen: `${name} screen`, filter: id });
    expect(data).toMatchObject({ match: { __typename: 'AlertRulePayload' }, enter: { __typename: 'AlertRulePayload' } });
  }
  feed.answer('AAA', () => aChain('AAA'));
  await askAs(app, ann!, 'mutation { scanRequest(input: { symbols: ["AAA"] }) { __typename } }');
  const names = async () => {
    const { data } = await askAs(app, ann!, '{ alerts(first: 200) { edges { node { ruleName } } } }');
    return new Set(data.alerts.edges.map(({ node }: { node: { ruleName: string } }) => node.ruleName));
  };
  await vi.waitFor(async () => expect([...(await names())].toSorted()).toEqual(['ann', 'ann screen']));
});
