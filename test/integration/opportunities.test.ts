import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aChain, aChainFeed } from '../support/a-chain-feed.ts';
import { scanAndWait } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const OPPORTUNITIES = `query ($filter: OpportunityFilter) { opportunities(filter: $filter, first: 100) { edges { node {
  id state symbol strategy expiration firstSeenAt lastSeenAt leftAt leaveReason bestScore lastScore observations
  filter { name } underlying { symbol } legs { symbol quantity } latestResult { id score } } } pageInfo { hasNextPage } } }`;
const CHANGES = `query ($after: String) { opportunityChanges(first: 100, after: $after) { edges { cursor node { kind at opportunity { id state observations } } } pageInfo { hasNextPage endCursor } } }`;
const LIVE = `subscription ($after: String, $snapshot: Int) { opportunities(after: $after, snapshot: $snapshot) {
  phase cursor missed changes { kind opportunity { id state leaveReason } } } }`;

interface Change {
  readonly kind: string;
  readonly opportunity: { readonly id: string; readonly state: string; readonly leaveReason: string | null };
}
interface Item {
  readonly phase: string;
  readonly cursor: string;
  readonly changes: readonly Change[];
}

let database: TestDatabase;
let app: TestApp;

beforeEach(async () => {
  database = await createTestDatabase();
  app = await start();
});

afterEach(async () => {
  await app.stop();
  await database.drop();
});

function start(feed = aChainFeed(['AAA', 'BBB'])): Promise<TestApp> {
  return startTestApp({ databaseUrl: database.url, feed, env: { STREAM_POLL_INTERVAL_MS: '20' } });
}

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
async function nodes(filter: Record<string, unknown> = {}): Promise<any[]> {
  const { data } = await app.ask(OPPORTUNITIES, { filter });
  return data.opportunities.edges.map((edge: { node: unknown }) => edge.node);
}

async function changes(after: string | null = null): Promise<{ kind: string; opportunity: { id: string } }[]> {
  const { data } = await app.ask(CHANGES, { after });
  const { edges, pageInfo } = data.opportunityChanges;
  const here = edges.map((edge: { node: unknown }) => edge.node);
  return pageInfo.hasNextPage ? [...here, ...(await changes(pageInfo.endCursor))] : here;
}

function follow(variables: Record<string, unknown> = {}) {
  const client = createClient({ url: app.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
  const items: Item[] = [];
  client.subscribe<{ opportunities: Item }>(
    { query: LIVE, variables },
    { next: ({ data }) => items.push(data!.opportunities), error: () => {}, complete: () => {} },
  );
  return { items, told: () => items.flatMap((item) => item.changes), dispose: () => client.dispose() };
}

async function presets(): Promise<{ id: string; revision: number; name: string }[]> {
  const { data } = await app.ask('{ filters(first: 20) { edges { node { id revision name } } } }');
  return data.filters.edges.map((edge: { node: unknown }) => edge.node);
}

describe('opportunities', () => {
  it('enter with the first scan that finds them, and are told live and afterwards', async () => {
    const live = follow();
    await vi.waitFor(() => expect(live.items).toMatchObject([{ phase: 'SNAPSHOT', changes: [] }]));
    const stored = await scanAndWait(app, ['AAA']);
    expect(stored).toBeGreaterThan(0);
    await vi.waitFor(async () => expect(await changes()).toHaveLength(stored));
    const active = await nodes({ state: 'ACTIVE', symbols: ['aaa'] });
    expect(active).toHaveLength(stored);
    for (const opportunity of active) {
      expect(opportunity).toMatchObject({
        state: 'ACTIVE',
        symbol: 'AAA',
        leftAt: null,
        leaveReason: null,
        observations: 1,
        filter: { name: expect.any(String) },
        underlying: { symbol: 'AAA' },
        latestResult: { score: opportunity.lastScore },
      });
      expect(opportunity.legs.length).toBeGreaterThan(0);
    }
    await vi.waitFor(() => expect(live.told().map(({ kind }) => kind)).toEqual(Array.from({ length: stored }, () => 'ENTERED')));
    expect(new Set(live.told().map(({ opportunity }) => opportunity.id))).toEqual(new Set(active.map(({ id }) => id)));
    await live.dispose();
  });

  it('change, leave and can be followed from a cursor, and the table says what the changes say', async () => {
    await scanAndWait(app, ['AAA', 'BBB']);
    const live = follow({ snapshot: 1 });
    await vi.waitFor(() => expect(live.items.length).toBeGreaterThan(0));
    for (let round = 0; round < 4; round++) await scanAndWait(app, ['AAA', 'BBB']);
    await live.dispose();
    await scanAndWait(app, ['AAA']);
    const all = await vi.waitFor(async () => {
      const known = await changes();
      const open = new Map<string, string>();
      for (const { kind, opportunity } of known) {
        if (kind === 'LEFT') open.delete(opportunity.id);
        else open.set(opportunity.id, kind);
      }
      expect((await nodes({ state: 'ACTIVE' })).map(({ id }) => id).toSorted()).toEqual([...open.keys()].toSorted());
      return known;
    });
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(['ENTERED', 'UPDATED', 'LEFT']));
    const resumed = follow({ after: live.items.at(-1)!.cursor });
    await vi.waitFor(() => {
      const got = [...live.told(), ...resumed.told()].map(({ kind, opportunity }) => `${kind} ${opportunity.id}`);
      expect(got).toEqual(all.slice(-got.length).map(({ kind, opportunity }) => `${kind} ${opportunity.id}`));
      expect(got.at(-1)).toBe(`${all.at(-1)!.kind} ${all.at(-1)!.opportunity.id}`);
    });
    await resumed.dispose();
  });

  it('leave when their filter is disabled', async () => {
    const stored = await scanAndWait(app, ['AAA']);
    const active = await vi.waitFor(async () => {
      const found = await nodes({ state: 'ACTIVE' });
      expect(found).toHaveLength(stored);
      return found;
    });
    expect(stored).toBeGreaterThan(0);
    const name = active[0].filter.name as string;
    const preset = (await presets()).find((filter) => filter.name === name)!;
    await app.ask('mutation ($input: FilterUpdateInput!) { filterUpdate(input: $input) { __typename } }', {
      input: { id: preset.id, expectedRevision: preset.revision, enabled: false },
    });
    await vi.waitFor(async () => {
      const past = await nodes({ state: 'PAST', filterIds: [preset.id] });
      expect(past).toHaveLength(active.filter((opportunity) => opportunity.filter.name === name).length);
      expect(past.every(({ leaveReason }) => leaveReason === 'FILTER_CHANGED')).toBe(true);
    });
    expect((await nodes({ state: 'ACTIVE', filterIds: [preset.id] })).length).toBe(0);
  });

  it('go on after a restart', async () => {
    const stored = await scanAndWait(app, ['AAA']);
    const before = await vi.waitFor(async () => {
      const found = await nodes({ state: 'ACTIVE' });
      expect(found).toHaveLength(stored);
      return found;
    });
    expect(stored).toBeGreaterThan(0);
    expect(await app.stop()).toBe(true);
    app = await start();
    expect((await nodes({ state: 'ACTIVE' })).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    // The feed begins anew with the quotes it had: everything is found again, unchanged.
    await scanAndWait(app, ['AAA']);
    expect((await changes()).filter(({ kind }) => kind === 'LEFT')).toEqual([]);
    expect((await nodes({ state: 'ACTIVE' })).map(({ id }) => id).toSorted()).toEqual(before.map(({ id }) => id).toSorted());
  });

  it('leave when their options expire', async () => {
    let quotedAt = Date.UTC(2026, 10, 20, 15, 30);
    const base = aChainFeed(['AAA']);
    await app.stop();
    app = await start({ ...base, fetchChain: async (symbol) => aChain(symbol, { quotedAtMs: quotedAt }) });
    await scanAndWait(app, ['AAA']);
    await vi.waitFor(async () => expect((await nodes({ state: 'ACTIVE' })).length).toBeGreaterThan(0));
    quotedAt += 400 * 86_400_000;
    await scanAndWait(app, ['AAA']).catch(() => {});
    await vi.waitFor(async () => expect((await nodes({ state: 'PAST' })).some(({ leaveReason }) => leaveReason === 'EXPIRED')).toBe(true));
  });

  it('refuse criteria that make no sense', async () => {
    const { errors } = await app.ask(OPPORTUNITIES, { filter: { symbols: [''] } });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'VALIDATION_FAILED' } });
    const after = await app.ask('{ opportunities(first: 1, after: "nonsense") { edges { cursor } } }');
    expect(after.errors?.[0]).toMatchObject({ extensions: { code: 'MALFORMED_CURSOR' } });
    const node = await app.ask('{ node(id: "T3Bwb3J0dW5pdHk6MDE5MDAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAx") { id } }');
    expect(node.data.node).toBeNull();
  });
});
