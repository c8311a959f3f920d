import { type Client, createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { aBearerToken } from '../../support/a-token.ts';
import { metricValue } from '../../support/metric-value.ts';
import { type EventStream, openEventStream } from '../../support/open-event-stream.ts';
import { type OwnersApp, startOwnersApp } from '../../support/start-owners-app.ts';

let owners: OwnersApp;
let app: OwnersApp['app'];
let ann: OwnersApp['ann'];
let bob: OwnersApp['bob'];
let admin: OwnersApp['admin'];
let tell: OwnersApp['tell'];
let make: OwnersApp['make'];
let change: OwnersApp['change'];
let scan: OwnersApp['scan'];

beforeAll(async () => {
  owners = await startOwnersApp();
  ({ app, ann, bob, admin, tell, make, change, scan } = owners);
});

afterAll(() => owners.stop());

const clients: Client[] = [];
const streams: EventStream[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
  for (const stream of streams.splice(0)) stream.disconnect();
});

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
    const first = await scan(ann, ['AAA'], [id]);
    await vi.waitFor(() => {
      for (const who of ['ann', 'admin'] as const) {
        for (const count of counts(who)) expect(count).toBeGreaterThan(0);
        expect(told.scanResults![who].rows()).toBe(first);
      }
      // Each has a connection of its own.
      expect(counts('admin')).toEqual(counts('ann'));
    });
    expect(counts('bob')).toEqual(nothing);

    await change(ann, id, { visibility: 'SHARED' });
    await vi.waitFor(() => expect(told.filterChanges!.bob.rows()).toBe(1));
    const shared = await scan(ann, ['AAA', 'BBB'], [id]);
    await vi.waitFor(() => {
      for (const count of counts('bob')) expect(count).toBeGreaterThan(0);
      expect(told.scanResults!.bob.rows()).toBe(shared);
      expect(told.scanResults!.ann.rows()).toBe(first + shared);
    });

    await change(ann, id, { visibility: 'PRIVATE' });
    const hidden = await scan(ann, ['AAA', 'BBB'], [id]);
    expect(hidden).toBeGreaterThan(0);
    await vi.waitFor(() => expect(told.scanResults!.ann.rows()).toBe(first + shared + hidden));
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
