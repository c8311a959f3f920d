import { afterAll, beforeAll, expect, it } from 'vitest';
import { aChain, aChainFeed, type ChainFeed } from '../support/a-chain-feed.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let feed: ChainFeed;
let app: TestApp;

beforeAll(async () => {
  database = await createTestDatabase();
  feed = aChainFeed();
  app = await startTestApp({
    databaseUrl: database.url,
    feed,
    env: { SCANNER_MAXIMUM_QUEUED_REQUESTS: '2', FILTERS_MAXIMUM_ENABLED: '6' },
  });
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

const LIMIT = '__typename ... on LimitExceededError { limit allowed requested message }';

it('refuses scan requests beyond those that may wait, and serves others when there is room again', async () => {
  const request = (symbol: string) =>
    app.ask(`mutation ($symbol: String!) { scanRequest(input: { symbols: [$symbol] }) { ${LIMIT} } }`, { symbol });
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  feed.answer('AAA', () => held.then(() => aChain('AAA')));
  await request('AAA');
  await request('AAA');
  expect((await request('BBB')).data.scanRequest).toEqual({
    __typename: 'LimitExceededError',
    limit: 'queuedScanRequests',
    allowed: 2,
    requested: 3,
    message: 'expected at most 2 scan requests waiting or going on, got 3',
  });
  letGo();
  await expect.poll(async () => (await request('BBB')).data.scanRequest.__typename).toBe('ScanRequestPayload');
});

it('refuses to enable more filters than may be in force, whether by making or by changing one', async () => {
  const create = async (name: string, enabled: boolean) =>
    (
      await app.ask(
        `mutation ($input: FilterCreateInput!) { filterCreate(input: $input) { ${LIMIT} ... on FilterCreatePayload { filter { id revision } } } }`,
        { input: { name, enabled, criteria: {} } },
      )
    ).data.filterCreate;
  const update = async (id: string, enabled: boolean) =>
    (
      await app.ask(`mutation ($input: FilterUpdateInput!) { filterUpdate(input: $input) { ${LIMIT} } }`, {
        input: { id, expectedRevision: 1, enabled },
      })
    ).data.filterUpdate.__typename;
  const sixth = await create('sixth', true);
  expect(sixth.__typename).toBe('FilterCreatePayload');
  const disabled = await create('disabled', false);
  expect(disabled.__typename).toBe('FilterCreatePayload');
  expect(await create('seventh', true)).toEqual({
    __typename: 'LimitExceededError',
    limit: 'enabledFilters',
    allowed: 6,
    requested: 7,
    message: 'expected at most 6 enabled filters, got 7',
  });
  expect(await update(disabled.filter.id, true)).toBe('LimitExceededError');
  expect(await update(sixth.filter.id, false)).toBe('FilterUpdatePayload');
  expect(await update(disabled.filter.id, true)).toBe('FilterUpdatePayload');
});
