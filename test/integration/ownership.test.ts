import { type Client, createClient } from 'graphql-ws';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { aBearerToken, TOKEN_SECRET } from '../support/a-token.ts';
import { askAs } from '../support/ask-as.ts';
import { metricValue } from '../support/metric-value.ts';
import { type EventStream, openEventStream } from '../support/open-event-stream.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const ANYTHING = { score: { min: 0 } };
const CREATE = `mutation ($input: FilterCreateInput!) { filterCreate(input: $input) {
  __typename ... on FilterCreatePayload { filter { id revision owner visibility canEdit } } ... on Error { message } } }`;
const UPDATE = `mutation ($input: FilterUpdateInput!) { filterUpdate(input: $input) {
  __typename ... on FilterUpdatePayload { filter { id revision visibility } } ... on Error { message } } }`;
const DELETE = 'mutation ($input: FilterDeleteInput!) { filterDelete(input: $input) { __typename ... on Error { message } } }';
const SCAN = `mutation ($input: ScanRequestInput!) { scanRequest(input: $input) {
  __typename ... on ScanRequestPayload { scanRun { id } } ... on Error { message } } }`;

let database: TestDatabase;
let sql: postgres.Sql;
let app: TestApp;
let ann: string;
let bob: string;
let admin: string;
const clients: Client[] = [];
const streams: EventStream[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
  app = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA', 'BBB']), env: { AUTH_JWT_SECRET: TOKEN_SECRET } });
  ann = await aBearerToken({ subject: 'ann', roles: ['TRADER'] });
  bob = await aBearerToken({ subject: 'bob', roles: ['TRADER'] });
  admin = await aBearerToken();
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  for (const stream of streams.splice(0)) stream.disconnect();
});

afterAll(async () => {
  const isClean = await app.stop();
  await sql.end();
  await database.drop();
  if (!isClean) throw new Error('expected a clean stop');
});

async function tell(shown: string, query: string, variables: Record<string, unknown> = {}) {
  const { data, errors } = await askAs(app, shown, query, variables);
  expect(errors).toBeUndefined();
  return data;
}

async function make(shown: string, name: string, rest: Record<string, unknown> = {}): Promise<string> {
  const { filterCreate } = await tell(shown, CREATE, { input: { name, criteria: ANYTHING, ...rest } });
  expect(filterCreate).toMatchObject({ __typename: 'FilterCreatePayload' });
  return filterCreate.filter.id as string;
}

async function change(shown: string, id: string, input: Record<string, unknown>) {
  const { filter } = await tell(shown, 'query ($id: ID!) { filter(id: $id) { revision } }', { id });
  return (await tell(shown, UPDATE, { input: { id, expectedRevision: filter.revision, ...input } })).filterUpdate;
}

/** How many results it stored. */
async function scan(shown: string, symbols: readonly string[], filterIds: readonly string[]): Promise<number> {
  const { scanRequest } = await tell(shown, SCAN, { input: { symbols, filterIds } });
  expect(scanRequest).toMatchObject({ __typename: 'ScanRequestPayload' });
  return vi.waitFor(
    async () => {
      const { scanRun } = await tell(admin, 'query ($id: ID!) { scanRun(id: $id) { state results } }', { id: scanRequest.scanRun.id });
      expect(scanRun.state).toBe('COMPLETED');
      return scanRun.results as number;
    },
    { timeout: 10_000 },
  );
}

interface Told {
  readonly started: Promise<void>;
  /** The global ids of the filters of every row so far. */
  filters(): Set<string>;
  rows(): number;
  readonly errors: unknown[];
}

const FIELDS = {
  scanResults: 'results { id filter { id name } }',
  opportunities: 'changes { kind opportunity { id filter { id name } } }',
  filterChanges: 'changes { kind actor reason filter { id name } }',
} as const;
type Field = keyof typeof FIELDS;

function listen(shown: string, field: Field): Told {
  const client = createClient({
    url: app.webSocketUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: shown },
  });
  clients.push(client);
  // biome-ignore lint/suspicious/noExplicitAny: rows of any stream
  const rows: any[] = [];
  const errors: unknown[] = [];
  const started = new Promise<void>((resolve) => {
    client.subscribe(
      { query: `subscription { ${field} { phase ${FIELDS[field]} } }` },
      {
        // biome-ignore lint/suspicious/noExplicitAny: items of any stream
        next({ data, errors: told }: any) {
          if (told) errors.push(told);
          rows.push(...(data?.[field].results ?? data?.[field].changes ?? []));
          resolve();
        },
        error: (error) => void errors.push(error),
        complete: () => {},
      },
    );
  });
  return {
    started,
    filters: () => new Set(rows.map((row) => (row.filter ?? row.opportunity.filter).id as string)),
    rows: () => rows.length,
    errors,
  };
}

async function listenToEvents(shown: string, field: Field): Promise<Told> {
  const stream = await openEventStream(`${app.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: shown },
    body: JSON.stringify({ query: `subscription { ${field} { phase ${FIELDS[field]} } }` }),
  });
  streams.push(stream);
  const payloads = () => stream.events.filter(({ event }) => event === 'next').map(({ data }) => data);
  const rows = () => payloads().flatMap(({ data }) => data?.[field].results ?? data?.[field].changes ?? []);
  await stream.event(({ event }) => event === 'next');
  return {
    started: Promise.resolve(),
    filters: () => new Set(rows().map((row) => (row.filter ?? row.opportunity.filter).id as string)),
    rows: () => rows().length,
    get errors() {
      return payloads().flatMap(({ errors }) => errors ?? []);
    },
  };
}

/** Everything of a viewer's pages, with cursors and all, as text; and the filters that are named in it. */
async function pagesOf(shown: string): Promise<string> {
  const connection = (name: string, node: string, last = false) =>
    `${name}: ${name}(${last ? 'last' : 'first'}: 200) { edges { cursor node { ${node} } } }`;
  const data = await tell(
    shown,
    `{ ${connection('filters', 'id name')} ${connection('filterChanges', 'name filter { id }', true)}
       ${connection('scanResults', 'id filter { id name }')} ${connection('opportunities', 'id filter { id name }')}
       ${connection('opportunityChanges', 'opportunity { id filter { id name } }', true)}
       ${connection('scanRuns', 'filters { id name }')} }`,
  );
  return JSON.stringify(data);
}

const nodesOf = (shown: string, ids: readonly string[]) =>
  tell(shown, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids }).then(({ nodes }) => nodes as ({ id: string } | null)[]);

describe('a private filter', () => {
  let secret: string;
  let found: string[];

  beforeAll(async () => {
    secret = await make(ann, 'Secret of Ann', { visibility: 'PRIVATE' });
    await scan(ann, ['AAA'], [secret]);
    await vi.waitFor(async () => {
      const data = await tell(
        ann,
        '{ scanResults(first: 100) { edges { node { id filter { id } } } } opportunities(first: 100) { edges { node { id filter { id } } } } }',
      );
      const rows = [data.scanResults, data.opportunities].map(({ edges }) =>
        // biome-ignore lint/suspicious/noExplicitAny: nodes of two kinds
        edges.map(({ node }: any) => node).filter(({ filter }: any) => filter.id === secret),
      );
      if (rows.some((of) => of.length === 0)) throw new Error('expected results and opportunities of the filter, got none yet');
      found = rows.flat().map(({ id }) => id as string);
    });
  });

  it('and what it found is there for its owner and for administrators', async () => {
    for (const shown of [ann, admin]) {
      expect(await pagesOf(shown)).toContain(secret);
      expect((await nodesOf(shown, [secret, ...found])).every((node) => node !== null)).toBe(true);
    }
  });

  it('and what it found is not there for anybody else: no page, no cursor, no node', async () => {
    const pages = await pagesOf(bob);
    for (const text of [secret, 'Secret of Ann', ...found]) expect(pages).not.toContain(text);
    expect(await nodesOf(bob, [secret, ...found])).toEqual([null, ...found.map(() => null)]);
    const data = await tell(bob, 'query ($id: ID!, $result: ID!) { filter(id: $id) { id } scanResult(id: $result) { id } }', {
      id: secret,
      result: found.find((id) => atob(id).startsWith('ScanResult:')),
    });
    expect(data).toEqual({ filter: null, scanResult: null });
    // Asking for it by name of the filter shows nothing either.
    const named = await tell(
      bob,
      'query ($ids: [ID!]!) { scanResults(filter: { filterIds: $ids }) { edges { cursor } } opportunities(filter: { filterIds: $ids }) { edges { cursor } } }',
      { ids: [secret] },
    );
    expect(named).toEqual({ scanResults: { edges: [] }, opportunities: { edges: [] } });
  });

  it('is for others not found and not forbidden, whatever they want of it', async () => {
    const id = secret;
    for (const [mutation, input] of [
      ['filterUpdate', '{ id: $id, expectedRevision: 1, enabled: false }'],
      ['filterDelete', '{ id: $id, expectedRevision: 1 }'],
      ['filterRollback', '{ id: $id, expectedRevision: 2, revision: 1 }'],
      ['filterDuplicate', '{ id: $id, name: "Mine now" }'],
      ['filterRestore', '{ id: $id }'],
      ['filterEnable', '{ id: $id }'],
      ['filterDisable', '{ id: $id }'],
    ]) {
      const data = await tell(bob, `mutation ($id: ID!) { ${mutation}(input: ${input}) { __typename } }`, { id });
      expect(data[mutation!]).toEqual({ __typename: 'NotFoundError' });
    }
    const { scanRequest } = await tell(bob, SCAN, { input: { symbols: ['AAA'], filterIds: [id] } });
    expect(scanRequest).toMatchObject({ __typename: 'ValidationError', message: expect.stringContaining('expected the id of a filter') });
  });

  it('has a name that others may use as well, as somebody else may the same idempotency key', async () => {
    const mine = await make(ann, 'Same name', { visibility: 'PRIVATE', idempotencyKey: 'one' });
    const theirs = await make(bob, 'Same name', { visibility: 'PRIVATE', idempotencyKey: 'one' });
    expect(theirs).not.toBe(mine);
    expect(await make(ann, 'Same name', { visibility: 'PRIVATE', idempotencyKey: 'one' })).toBe(mine);
    const namesake = await aBearerToken({ subject: 'ann one', roles: ['TRADER'] });
    await make(ann, 'Not for the namesake', { visibility: 'PRIVATE', idempotencyKey: 'one two' });
    expect(await tell(namesake, CREATE, { input: { name: 'Of the namesake', criteria: {}, idempotencyKey: 'two' } })).toMatchObject({
      filterCreate: { filter: { owner: 'ann one' } },
    });
    const again = await tell(ann, CREATE, { input: { name: 'SAME NAME', criteria: {}, visibility: 'PRIVATE' } });
    expect(again.filterCreate).toMatchObject({ __typename: 'ConflictError' });
    // Shared ones are told apart by everybody.
    await make(ann, 'same name');
    expect((await change(bob, theirs, { visibility: 'SHARED' })).__typename).toBe('ConflictError');
  });

  it('that is deleted stays hidden, and so does what it found, also after a restart', async () => {
    const id = await make(ann, 'Deleted secret', { visibility: 'PRIVATE' });
    await scan(ann, ['BBB'], [id]);
    await tell(ann, DELETE, { input: { id, expectedRevision: 1 } });
    expect(await pagesOf(bob)).not.toContain(id);
    const other = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA']), env: { AUTH_JWT_SECRET: TOKEN_SECRET } });
    try {
      const { data } = await askAs(other, bob, '{ scanResults(first: 200) { edges { node { filter { id } } } } }');
      expect(JSON.stringify(data)).not.toContain(id);
    } finally {
      await other.stop();
    }
  });
});

describe('who may change a filter', () => {
  it('is its owner and administrators; others are told so', async () => {
    const id = await make(ann, 'Shared of Ann');
    expect(await change(bob, id, { enabled: false })).toMatchObject({
      __typename: 'ForbiddenError',
      message: 'expected a filter of bob, got one of ann',
    });
    const ask = 'query ($id: ID!) { filter(id: $id) { owner visibility canEdit } }';
    const expected = { owner: 'ann', visibility: 'SHARED' };
    for (const [shown, canEdit] of [
      [ann, true],
      [bob, false],
      [admin, true],
    ] as const) {
      expect((await tell(shown, ask, { id })).filter).toEqual({ ...expected, canEdit });
    }
    expect(await change(admin, id, { enabled: false })).toMatchObject({ __typename: 'FilterUpdatePayload' });
    expect(await change(ann, id, { enabled: true })).toMatchObject({ __typename: 'FilterUpdatePayload' });
    const mine = await tell(ann, '{ filters(mine: true, first: 100) { edges { node { owner } } } }');
    const secrets = '{ filters(visibility: PRIVATE, first: 100) { edges { node { owner visibility } } } }';
    for (const [shown, owners] of [
      [ann, ['ann']],
      [bob, ['bob']],
      [admin, ['ann', 'bob']],
    ] as const) {
      const { edges } = (await tell(shown, secrets)).filters;
      // biome-ignore lint/suspicious/noExplicitAny: an edge
      expect(edges.every(({ node }: any) => node.visibility === 'PRIVATE')).toBe(true);
      // biome-ignore lint/suspicious/noExplicitAny: an edge
      expect([...new Set(edges.map(({ node }: any) => node.owner))]).toEqual(owners);
    }
    // biome-ignore lint/suspicious/noExplicitAny: an edge
    expect(new Set(mine.filters.edges.map(({ node }: any) => node.owner))).toEqual(new Set(['ann']));
  });

  it('is administrators alone where it is a preset, which nobody can make private', async () => {
    const { filters } = await tell(ann, '{ filters(kind: PRESET, first: 1) { edges { node { id owner visibility canEdit preset } } } }');
    const { id, ...preset } = filters.edges[0].node;
    expect(preset).toEqual({ owner: null, visibility: 'SHARED', canEdit: false, preset: 'CONSERVATIVE' });
    expect(await change(ann, id, { enabled: false })).toMatchObject({ __typename: 'ForbiddenError' });
    expect(await change(admin, id, { visibility: 'PRIVATE' })).toMatchObject({ __typename: 'ValidationError' });
    expect(await change(admin, id, { enabled: false })).toMatchObject({ __typename: 'FilterUpdatePayload' });
  });

  it('is written down with every change, and no change is made without', async () => {
    const id = await make(ann, 'Audited', { reason: ' because ' });
    await change(admin, id, { enabled: false, reason: 'too noisy' });
    await tell(ann, DELETE, { input: { id, expectedRevision: 2 } });
    await tell(ann, 'mutation ($id: ID!) { filterRestore(input: { id: $id }) { __typename } }', { id });
    const { auditEntries } = await tell(
      admin,
      '{ auditEntries(filter: { objectKinds: [FILTER] }, first: 4) { edges { node { action objectName fromRevision toRevision reason actor { subject } } } } }',
    );
    expect(
      // biome-ignore lint/suspicious/noExplicitAny: an edge
      auditEntries.edges.map(({ node }: any) => [node.action, node.fromRevision, node.toRevision, node.reason, node.actor.subject]),
    ).toEqual([
      ['FILTER_RESTORED', 3, 4, null, 'ann'],
      ['FILTER_DELETED', 2, null, null, 'ann'],
      ['FILTER_UPDATED', 1, 2, 'too noisy', 'admin-1'],
      ['FILTER_CREATED', null, 1, 'because', 'ann'],
    ]);
    await sql.unsafe(`create function no_audit() returns trigger language plpgsql as $$ begin raise 'no audit'; end $$;
      create trigger no_audit before insert on audit_entries for each row execute function no_audit()`);
    try {
      const { errors } = await askAs(app, ann, CREATE, { input: { name: 'Unaudited', criteria: {} } });
      expect(errors).toHaveLength(1);
    } finally {
      await sql.unsafe('drop trigger no_audit on audit_entries; drop function no_audit()');
    }
    expect(await pagesOf(admin)).not.toContain('Unaudited');
  });
});

describe('running subscriptions', () => {
  it.each([
    ['WebSockets', async (shown: string, field: Field) => listen(shown, field)],
    ['server-sent events', listenToEvents],
  ] as const)('tell of a filter what its visibility allows at that moment, over %s', async (transport, open) => {
    const id = await make(ann, `Now and then over ${transport}`);
    const told: Record<string, Record<'ann' | 'bob' | 'admin', Told>> = {};
    for (const field of ['scanResults', 'opportunities', 'filterChanges'] as const) {
      told[field] = { ann: await open(ann, field), bob: await open(bob, field), admin: await open(admin, field) };
    }
    const all = Object.values(told).flatMap((by) => Object.values(by));
    await Promise.all(all.map(({ started }) => started));
    const counts = (who: 'ann' | 'bob' | 'admin') => Object.values(told).map((by) => by[who].rows());
    const nothing = [0, 0, 0];

    await change(ann, id, { visibility: 'PRIVATE' });
    await scan(ann, ['AAA'], [id]);
    await vi.waitFor(() => {
      for (const who of ['ann', 'admin'] as const) for (const count of counts(who)) expect(count).toBeGreaterThan(0);
    });
    expect(counts('bob')).toEqual(nothing);
    expect(counts('admin')).toEqual(counts('ann'));

    await change(ann, id, { visibility: 'SHARED' });
    await vi.waitFor(() => expect(told.filterChanges!.bob.rows()).toBe(1));
    const shared = await scan(ann, ['AAA', 'BBB'], [id]);
    await vi.waitFor(() => {
      for (const count of counts('bob')) expect(count).toBeGreaterThan(0);
      expect(told.scanResults!.bob.rows()).toBe(shared);
    });

    await change(ann, id, { visibility: 'PRIVATE' });
    const annBefore = told.scanResults!.ann.rows();
    const hidden = await scan(ann, ['AAA', 'BBB'], [id]);
    expect(hidden).toBeGreaterThan(0);
    await vi.waitFor(() => expect(told.scanResults!.ann.rows()).toBe(annBefore + hidden));
    expect(told.scanResults!.bob.rows()).toBe(shared);
    expect(told.filterChanges!.bob.rows()).toBe(1);
    expect(all.flatMap(({ errors }) => errors)).toEqual([]);
  });

  it('that begin after a cursor, or with a snapshot, leave out what is private of others', async () => {
    const id = await make(ann, 'Replayed', { visibility: 'PRIVATE' });
    const { scanResults } = await tell(admin, '{ scanResults(first: 1) { edges { cursor } } }');
    await scan(ann, ['BBB'], [id]);
    for (const begin of [`after: "${scanResults.edges[0].cursor}"`, 'snapshot: 200']) {
      for (const [shown, sees] of [
        [ann, true],
        [bob, false],
      ] as const) {
        const client = createClient({
          url: app.webSocketUrl,
          webSocketImpl: WebSocket,
          retryAttempts: 0,
          connectionParams: { authorization: shown },
        });
        clients.push(client);
        const items = client.iterate<Record<string, unknown>>({
          query: `subscription { scanResults(${begin}) { phase results { filter { id } } } }`,
        });
        const { value } = await items.next();
        expect(JSON.stringify(value).includes(id), `${begin} for ${sees ? 'ann' : 'bob'}`).toBe(sees);
        await items.return?.();
      }
    }
  });

  it('of twenty subjects are executed once per event, also while some filters are private', async () => {
    const id = await make(admin, 'For all');
    const many: Told[] = [];
    for (let index = 0; index < 20; index++)
      many.push(listen(await aBearerToken({ subject: `reader-${index}`, roles: ['TRADER'] }), 'filterChanges'));
    await Promise.all(many.map(({ started }) => started));
    const executions = () => metricValue(app, 'strikewire_subscription_executions_total');
    const before = await executions();
    await change(admin, id, { description: 'changed' });
    await vi.waitFor(() => {
      for (const told of many) expect(told.filters()).toEqual(new Set([id]));
    });
    expect((await executions()) - before).toBe(1);
  });

  it('that ask whether one may change a filter are answered for each subject', async () => {
    const id = await make(ann, 'Whose');
    const answers = await Promise.all(
      [ann, bob].map(async (shown) => {
        const client = createClient({
          url: app.webSocketUrl,
          webSocketImpl: WebSocket,
          retryAttempts: 0,
          connectionParams: { authorization: shown },
        });
        clients.push(client);
        // biome-ignore lint/suspicious/noExplicitAny: items of a stream
        const items = client.iterate<any>({ query: 'subscription { filterChanges { changes { filter { canEdit } } } }' });
        await items.next();
        return items;
      }),
    );
    await change(ann, id, { description: 'changed' });
    const told = await Promise.all(answers.map(async (items) => (await items.next()).value.data.filterChanges.changes[0].filter.canEdit));
    expect(told).toEqual([true, false]);
    for (const items of answers) await items.return?.();
  });
});
