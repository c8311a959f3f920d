import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Filter } from '../../src/domain/filters/filter.ts';
import type { FilterChange } from '../../src/domain/filters/filter-change.ts';
import { FILTER_PRESETS } from '../../src/domain/filters/presets.ts';
import { createInProcessBus } from '../../src/services/bus/in-process-bus.ts';
import { createFilterChangeStore, filterChangeCursor } from '../../src/services/filters/filter-change-store.ts';
import { filterChangeStream } from '../../src/services/filters/filter-change-stream.ts';
import type { FilterRegistry } from '../../src/services/filters/filter-registry.ts';
import { createStreamLog } from '../../src/services/stream-log/stream-log.ts';
import { STREAM_START } from '../../src/services/stream-log/stream-position.ts';
import { aCaller } from '../support/a-caller.ts';
import { type FilterProcess, type FilterProcessOptions, startFilterProcess } from '../support/a-filter-process.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startStatementCounter } from '../support/start-statement-counter.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { createUnreliableBus } from '../support/unreliable-bus.ts';

let testDatabase: TestDatabase;
let processes: FilterProcess[];

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  processes = [];
});

afterEach(async () => {
  await Promise.all(processes.map((one) => one.stop()));
  await testDatabase.drop();
});

const ownBus = (): FilterProcessOptions['bus'] => createInProcessBus({ log: pino({ level: 'silent' }) });
/** Processes that cannot hear each other. */
const noBus: FilterProcessOptions['bus'] = { publish: () => {}, subscribe: () => () => {} };

async function start({ bus = ownBus(), url = testDatabase.url } = {}): Promise<FilterProcess> {
  const started = await startFilterProcess({ databaseUrl: url, bus });
  processes.push(started);
  return started;
}

const REQUEST = { caller: aCaller(), idempotencyKey: null };

function aFilterInput(name: string) {
  return {
    name,
    description: 'Made by a test',
    criteria: { metrics: { score: { min: 60 } } },
    enabled: true,
    visibility: 'SHARED' as const,
  };
}

function changes({ database: { sql } }: FilterProcess): Promise<FilterChange[]> {
  return createStreamLog({ sql }).read(filterChangeStream, STREAM_START, 10_000);
}

/** Revisions of the filters in force, by id. */
function inForce(registry: FilterRegistry): Record<string, number> {
  return Object.fromEntries(registry.active().map(({ filter }) => [filter.id, filter.revision]));
}

async function storedInForce({ database: { sql } }: FilterProcess): Promise<Record<string, number>> {
  const rows = await sql<{ id: string; revision: number }[]>`select id, revision from filters where deleted_at is null and enabled`;
  return Object.fromEntries(rows.map(({ id, revision }) => [id, revision]));
}

describe('every change of a filter', () => {
  it('is stored with the whole filter as it left it, one number after the other, and told to the others', async () => {
    const one = await start();
    const before = await changes(one);
    const created = await one.filters.create(aFilterInput('Mine'), REQUEST);
    const updated = await one.filters.update(created.id, 1, { enabled: false, criteria: { symbols: { in: ['AAA'] } } }, REQUEST);
    const deleted = await one.filters.delete(created.id, 2, REQUEST);
    const stored = (await changes(one)).slice(before.length);
    const by = { actor: 'admin-1', reason: null };
    expect(stored).toEqual([
      { sequence: before.length + 1, atMs: expect.any(Number), ...by, kind: 'CREATED', filter: created },
      { sequence: before.length + 2, atMs: expect.any(Number), ...by, kind: 'UPDATED', filter: updated },
      { sequence: before.length + 3, atMs: expect.any(Number), ...by, kind: 'DELETED', filter: deleted },
    ]);
    expect(updated).toMatchObject({ revision: 2, enabled: false, criteria: { symbols: { in: ['AAA'] } }, name: 'Mine' });
    expect(stored.map(({ atMs }) => atMs)).toEqual([created.updatedAtMs, updated.updatedAtMs, deleted.updatedAtMs]);
    expect(one.published).toEqual([...before, ...stored]);
    expect(await one.store.byIds([created.id])).toEqual([deleted]);
  });

  it('includes the presets a new database is given, once', async () => {
    const one = await start();
    const first = await changes(one);
    expect(first.map(({ kind, sequence, filter }) => [kind, sequence, filter.presetKey])).toEqual(
      FILTER_PRESETS.map(({ key }, index) => ['CREATED', index + 1, key]),
    );
    const two = await start();
    expect(await changes(two)).toEqual(first);
    expect(two.published).toEqual([]);
  });

  it('is not stored when the filter was not', async () => {
    const one = await start();
    const { id } = await one.filters.create(aFilterInput('Taken'), { ...REQUEST, idempotencyKey: 'key' });
    const before = await changes(one);
    await expect(one.filters.create(aFilterInput('TAKEN'), REQUEST)).rejects.toThrow('expected a name that is free');
    await expect(one.filters.update(id, 1, { name: 'conservative' }, REQUEST)).rejects.toThrow('expected a name that is free');
    await expect(one.filters.update(id, 7, { name: 'Other' }, REQUEST)).rejects.toThrow('expected revision 7 to be in force, got 1');
    expect((await one.filters.create(aFilterInput('Taken'), { ...REQUEST, idempotencyKey: 'key' })).id).toBe(id);
    expect(await changes(one)).toEqual(before);
    await one.filters.update(id, 1, { enabled: false }, REQUEST);
    expect((await changes(one)).at(-1)!.sequence).toBe(before.length + 1);
  });

  it('and the filter are stored together or not at all', async () => {
    const one = await start();
    const { id } = await one.filters.create(aFilterInput('Stays'), REQUEST);
    const before = await changes(one);
    const published = [...one.published];
    await one.database.sql`alter table filter_changes add constraint full_up check (false) not valid`;
    await expect(one.filters.create(aFilterInput('New'), REQUEST)).rejects.toThrow('full_up');
    await expect(one.filters.update(id, 1, { name: 'Changed' }, REQUEST)).rejects.toThrow('full_up');
    await expect(one.filters.delete(id, 1, REQUEST)).rejects.toThrow('full_up');
    expect(await one.store.byIds([id])).toMatchObject([{ name: 'Stays', revision: 1, deletedAtMs: null }]);
    expect(await one.database.sql`select from filters where name = 'New'`).toHaveLength(0);
    expect(inForce(one.registry)).toEqual(await storedInForce(one));
    expect(await changes(one)).toEqual(before);
    expect(one.published).toEqual(published);
  });

  it('happens once when many want it at the same moment', async () => {
    const [one, two] = [await start({ bus: noBus }), await start({ bus: noBus })];
    const made = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        (index % 2 ? one : two).filters.create(aFilterInput('Same'), { ...REQUEST, idempotencyKey: 'key' }),
      ),
    );
    const ids = new Set(made.map(({ id }) => id));
    expect(ids.size).toBe(1);
    const [id] = [...ids] as [string];
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => (index % 2 ? one : two).filters.update(id, 1, { description: String(index) }, REQUEST)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
    expect(refusals).toEqual(Array.from({ length: 7 }, () => 'CONFLICT'));
    const ofThis = (await changes(one)).filter(({ filter }) => filter.id === id);
    expect(ofThis.map(({ kind, filter }) => [kind, filter.revision])).toEqual([
      ['CREATED', 1],
      ['UPDATED', 2],
    ]);
    const [stored] = await one.store.byIds([id]);
    expect(ofThis[1]!.filter).toEqual(stored);
  });
});

describe('a change made by another process', () => {
  it('is in force here when no message told of it', async () => {
    const [one, two] = [await start({ bus: noBus }), await start({ bus: noBus })];
    const { id } = await one.filters.create(aFilterInput('Far away'), REQUEST);
    await vi.waitFor(() => expect(inForce(two.registry)[id]).toBe(1));
    await one.filters.update(id, 1, { description: 'changed' }, REQUEST);
    await vi.waitFor(() => expect(inForce(two.registry)[id]).toBe(2));
    await two.filters.delete(id, 2, REQUEST);
    expect(inForce(two.registry)[id]).toBeUndefined();
    await vi.waitFor(() => expect(inForce(one.registry)[id]).toBeUndefined());
  });

  it('is in force everywhere in the end, whatever becomes of messages, also where a process starts in the middle of it', async () => {
    const random = seededRandom(11);
    const bus = createUnreliableBus({ random });
    const [writerOne, writerTwo] = [await start({ bus }), await start({ bus })];
    let writing = true;
    async function write({ filters }: FilterProcess, prefix: string): Promise<void> {
      let latest: Filter[] = [];
      for (let step = 0; writing || step < 30; step++) {
        const filter = latest[Math.floor(random() * latest.length)];
        if (!filter || random() < 0.3) latest.push(await filters.create(aFilterInput(`${prefix} ${step}`), REQUEST));
        else if (random() < 0.2) {
          await filters.delete(filter.id, filter.revision, REQUEST);
          latest = latest.filter(({ id }) => id !== filter.id);
        } else {
          const next = await filters.update(filter.id, filter.revision, { enabled: random() < 0.7 }, REQUEST);
          latest = latest.map((known) => (known.id === next.id ? next : known));
        }
      }
    }
    const done = Promise.all([write(writerOne, 'one'), write(writerTwo, 'two')]);
    const late: FilterProcess[] = [];
    for (let count = 0; count < 4; count++) late.push(await start({ bus }));
    writing = false;
    await done;
    const expected = await storedInForce(writerOne);
    for (const one of [writerOne, writerTwo, ...late]) {
      await vi.waitFor(() => expect(inForce(one.registry)).toEqual(expected));
    }
    const stored = await changes(writerOne);
    expect(stored.map(({ sequence }) => sequence)).toEqual(stored.map((_, index) => index + 1));
    expect([...writerOne.published, ...writerTwo.published].map(({ sequence }) => sequence).sort((a, b) => a - b)).toEqual(
      stored.map(({ sequence }) => sequence),
    );
  });
});

it('a database whose filters are older than the stream of changes is taken as it is', async () => {
  const first = await start();
  const { id } = await first.filters.create(aFilterInput('Old'), REQUEST);
  await first.database.sql`delete from filter_changes`;
  await first.database.sql`delete from stream_heads`;
  await first.stop();
  processes = [];
  const second = await start();
  expect(await changes(second)).toEqual([]);
  expect(inForce(second.registry)).toEqual(await storedInForce(second));
  await second.filters.update(id, 1, { description: 'changed' }, REQUEST);
  expect(await changes(second)).toMatchObject([{ sequence: 1, kind: 'UPDATED', filter: { id, revision: 2 } }]);
});

it('reading filters by id is the same statement whatever the number of ids', async () => {
  const url = new URL(testDatabase.url);
  const counter = await startStatementCounter({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(counter.port);
  const one = await start({ url: url.href, bus: noBus });
  const ids = one.registry.active().map(({ filter }) => filter.id);
  expect(ids.length).toBeGreaterThan(2);
  counter.take();
  for (let count = 1; count <= ids.length; count++) {
    const found = await one.store.byIds(ids.slice(0, count));
    expect(found.map(({ id }) => id).sort()).toEqual(ids.slice(0, count).sort());
  }
  const statements = counter.take().filter((sql) => sql.includes('from "filters"'));
  expect(statements).toHaveLength(ids.length);
  expect(new Set(statements).size).toBe(1);
  await one.stop();
  processes = [];
  counter.close();
});

describe('the changes made so far', () => {
  it('come page by page in both directions, in the order they were made', async () => {
    const one = await start();
    const { id } = await one.filters.create(aFilterInput('Paged'), REQUEST);
    for (let revision = 1; revision <= 20; revision++) await one.filters.update(id, revision, { description: `${revision}` }, REQUEST);
    const all = await changes(one);
    const store = createFilterChangeStore({ sql: one.database.sql });
    for (const direction of ['forward', 'backward'] as const) {
      const pages: FilterChange[][] = [];
      let cursor: string | null = null;
      for (let more = true; more; ) {
        const page = await store.page({}, { direction, limit: 7, cursor });
        pages.push([...page.rows]);
        expect(direction === 'forward' ? page.hasPreviousPage : page.hasNextPage).toBe(cursor !== null);
        more = direction === 'forward' ? page.hasNextPage : page.hasPreviousPage;
        cursor = filterChangeCursor(direction === 'forward' ? page.rows.at(-1)! : page.rows[0]!);
      }
      expect(pages).toHaveLength(Math.ceil(all.length / 7));
      expect((direction === 'forward' ? pages : pages.toReversed()).flat()).toEqual(all);
    }
  });

  it('are found between two places, from the end, and counted', async () => {
    const one = await start();
    const all = await changes(one);
    const history = createFilterChangeStore({ sql: one.database.sql });
    const position = filterChangeStream.position;
    const [second, fourth] = [position(all[1]!), position(all[3]!)];
    expect(await history.between({}, second, fourth, 10)).toEqual(all.slice(2, 4));
    expect(await history.between({}, STREAM_START, fourth, 2)).toEqual(all.slice(0, 2));
    expect(await history.newest({}, fourth, 3)).toEqual(all.slice(1, 4));
    expect(await history.count({}, second, fourth, 10)).toBe(2);
    expect(await history.count({}, STREAM_START, fourth, 3)).toBe(3);
  });
});
