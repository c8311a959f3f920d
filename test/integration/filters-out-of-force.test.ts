import { createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aChain, aChainFeed } from '../support/a-chain-feed.ts';
import { aBearerToken, TOKEN_SECRET } from '../support/a-token.ts';
import { askAs } from '../support/ask-as.ts';
import { openEventStream } from '../support/open-event-stream.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const FIELDS = {
  scanResults: 'results { filter { id } }',
  opportunities: 'changes { kind opportunity { leaveReason filter { id } } }',
  filterChanges: 'changes { kind enabled filter { id } }',
} as const;
type Field = keyof typeof FIELDS;

interface Told {
  // biome-ignore lint/suspicious/noExplicitAny: rows of any stream
  readonly rows: any[];
  readonly errors: { readonly extensions?: { readonly code?: string } }[];
  hasBegun: boolean;
  hasEnded: boolean;
}

let database: TestDatabase;
let app: TestApp;
let ann: string;
let bob: string;
let admin: string;
let stops: (() => unknown)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const feed = aChainFeed(['AAA']);
  app = await startTestApp({ databaseUrl: database.url, feed, env: { AUTH_JWT_SECRET: TOKEN_SECRET, STREAM_POLL_INTERVAL_MS: '50' } });
  let scans = 0;
  // Each scan finds new quotes.
  feed.answer('AAA', () => aChain('AAA', { spot: 100 + ++scans / 100 }));
  ann = await aBearerToken({ subject: 'ann', roles: ['TRADER'] });
  bob = await aBearerToken({ subject: 'bob', roles: ['TRADER'] });
  admin = await aBearerToken();
});

afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
});

afterAll(async () => {
  const isClean = await app.stop();
  await database.drop();
  if (!isClean) throw new Error('expected a clean stop');
});

async function ask(shown: string, query: string, variables: Record<string, unknown> = {}) {
  const { data, errors } = await askAs(app, shown, query, variables);
  expect(errors).toBeUndefined();
  return data;
}

let made = 0;

async function make(shown: string): Promise<string> {
  const query = 'mutation ($input: FilterCreateInput!) { filterCreate(input: $input) { ... on FilterCreatePayload { filter { id } } } }';
  const { filterCreate } = await ask(shown, query, {
    input: { name: `Filter ${++made}`, criteria: { strategies: { in: ['LONG_CALL'] } } },
  });
  return filterCreate.filter.id;
}

async function change(
  shown: string,
  field: 'filterUpdate' | 'filterDelete' | 'filterRestore',
  id: string,
  input: object = {},
): Promise<void> {
  const { filter } = await ask(shown, 'query ($id: ID!) { filter(id: $id) { revision } }', { id });
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}`;
  const query = `mutation ($input: ${type}Input!) { ${field}(input: $input) { __typename } }`;
  const expected = field === 'filterRestore' ? {} : { expectedRevision: filter.revision };
  expect((await ask(shown, query, { input: { id, ...expected, ...input } }))[field].__typename).toBe(`${type}Payload`);
}

/** With all filters unless told otherwise. How many results it stored. */
async function scan(filterIds?: readonly string[]): Promise<number> {
  const query = 'mutation ($input: ScanRequestInput!) { scanRequest(input: $input) { ... on ScanRequestPayload { scanRun { id } } } }';
  const { scanRequest } = await ask(admin, query, { input: { symbols: ['AAA'], filterIds } });
  return vi.waitFor(async () => {
    const { scanRun } = await ask(admin, 'query ($id: ID!) { scanRun(id: $id) { state results } }', { id: scanRequest.scanRun.id });
    expect(scanRun.state).toBe('COMPLETED');
    return scanRun.results as number;
  });
}

async function listen(shown: string, field: Field, filterIds: readonly string[] | null): Promise<Told> {
  const client = createClient({
    url: app.webSocketUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: shown },
  });
  stops.push(() => client.dispose());
  const told: Told = { rows: [], errors: [], hasBegun: false, hasEnded: false };
  const filter = filterIds === null ? '' : `(filter: { filterIds: ${JSON.stringify(filterIds)} })`;
  client.subscribe<Record<string, Record<string, readonly unknown[]>>>(
    { query: `subscription { ${field}${filter} { ${FIELDS[field]} } }` },
    {
      next: ({ data, errors }) => {
        told.hasBegun = true;
        told.errors.push(...(errors ?? []));
        told.rows.push(...(data?.[field]?.changes ?? data?.[field]?.results ?? []));
      },
      error: (errors) => {
        told.errors.push(...(errors as Told['errors']));
        told.hasEnded = true;
      },
      complete: () => {
        told.hasEnded = true;
      },
    },
  );
  await vi.waitUntil(() => told.hasBegun);
  return told;
}

const BOUND = ['scanResults', 'opportunities'] as const;

describe('subscribers of a filter that is', () => {
  it.each([
    ['disabled', ['filterUpdate', { enabled: false }], ['filterUpdate', { enabled: true }], 'UPDATED'],
    ['deleted', ['filterDelete', {}], ['filterRestore', {}], 'DELETED'],
  ] as const)('%s are told that its opportunities leave, and why, and go on when it comes back', async (_how, away, back, kind) => {
    const id = await make(ann);
    const [results, opportunities, changes] = await Promise.all([
      listen(bob, 'scanResults', [id]),
      listen(bob, 'opportunities', [id]),
      listen(bob, 'filterChanges', null),
    ]);
    const stored = await scan([id]);
    await vi.waitUntil(() => results.rows.length === stored && opportunities.rows.length === stored && stored > 0);
    opportunities.rows.length = 0;
    await change(ann, away[0], id, away[1]);
    await vi.waitUntil(() => opportunities.rows.length === stored);
    expect(opportunities.rows.every((row) => row.kind === 'LEFT' && row.opportunity.leaveReason === 'FILTER_CHANGED')).toBe(true);
    await vi.waitUntil(() => changes.rows.some((row) => row.filter?.id === id && row.kind === kind));
    await change(ann, back[0], id, back[1]);
    const again = await scan([id]);
    await vi.waitUntil(() => results.rows.length === stored + again && again > 0);
    await vi.waitUntil(() => opportunities.rows.filter((row) => row.kind === 'ENTERED').length === again);
    for (const { errors, hasEnded } of [results, opportunities, changes]) expect([errors, hasEnded]).toEqual([[], false]);
  });

  it('made private end with NOT_FOUND where they may see nothing else, and go on for others', async () => {
    const [id, other] = [await make(ann), await make(ann)];
    const ended = await Promise.all(BOUND.map((field) => listen(bob, field, [id])));
    const going = await Promise.all(
      BOUND.flatMap((field) => [
        listen(ann, field, [id]),
        listen(admin, field, [id]),
        listen(bob, field, [id, other]),
        listen(bob, field, null),
      ]),
    );
    await change(ann, 'filterUpdate', id, { visibility: 'PRIVATE' });
    for (const told of ended) {
      await vi.waitUntil(() => told.hasEnded);
      expect(told.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    }
    await scan([id, other]);
    for (const told of going) {
      await vi.waitUntil(() => told.rows.length > 0);
      expect([told.errors, told.hasEnded]).toEqual([[], false]);
    }
  });

  it('made private end over server-sent events, too', async () => {
    const id = await make(ann);
    const query = `subscription { scanResults(filter: { filterIds: ["${id}"] }) { results { id } } }`;
    const stream = await openEventStream(`${app.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: bob },
      body: JSON.stringify({ query }),
    });
    stops.push(() => stream.disconnect());
    await vi.waitUntil(() => stream.events.length > 0);
    await change(ann, 'filterUpdate', id, { visibility: 'PRIVATE' });
    await vi.waitFor(() => expect(JSON.stringify(stream.events)).toContain('NOT_FOUND'));
  });
});

describe('alerts of a rule about what is in a filter that is', () => {
  it.each([
    ['disabled', 'filterUpdate', { enabled: false }],
    ['deleted', 'filterDelete', {}],
    ['made private by somebody else', 'filterUpdate', { visibility: 'PRIVATE' }],
  ] as const)('%s are over with the next scan', async (how, field, input) => {
    const id = await make(ann);
    const rule = { name: `In what is ${how}`, throttleMs: 0, condition: { enterExit: { filterId: id } } };
    const create = `mutation ($input: AlertRuleCreateInput!) { alertRuleCreate(input: $input) {
      __typename ... on AlertRulePayload { rule { id } } ... on ValidationError { issues { path message } } } }`;
    const { alertRuleCreate } = await ask(bob, create, { input: { rule } });
    const alerts = async (): Promise<{ status: string; resolveReason: string | null }[]> => {
      const query = 'query ($ids: [ID!]) { alerts(first: 100, filter: { ruleIds: $ids }) { edges { node { status resolveReason } } } }';
      const { data } = await askAs(app, bob, query, { ids: [alertRuleCreate.rule.id] });
      return data.alerts.edges.map(({ node }: { node: { status: string; resolveReason: string | null } }) => node);
    };
    const stored = await scan([id]);
    await vi.waitUntil(async () => (await alerts()).filter(({ status }) => status === 'FIRING').length === stored && stored > 0);
    await change(ann, field, id, input);
    await scan();
    await vi.waitUntil(async () => (await alerts()).every(({ status }) => status === 'RESOLVED'));
    expect(new Set((await alerts()).map(({ resolveReason }) => resolveReason))).toEqual(new Set(['CONDITION_ENDED']));
  });
});
