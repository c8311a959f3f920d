import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import type { Filter } from '../../../../src/domain/filters/filter.ts';
import type { BusMessage } from '../../../../src/services/bus/bus.ts';
import { createFilterRegistry } from '../../../../src/services/filters/filter-registry.ts';
import { filtersKnown, type OfFilter } from '../../../../src/services/filters/filters-known.ts';
import { createHeadPoller } from '../../../../src/services/stream-log/head-poller.ts';
import { createStreamFollower } from '../../../../src/services/stream-log/stream-follower.ts';

type Row = OfFilter & { readonly sequence: number };

function aFilter(id: string, revision: number): Filter {
  return {
    id,
    presetKey: null,
    kind: 'CUSTOM',
    ownerSubject: 'ann',
    visibility: 'PRIVATE',
    name: id,
    description: '',
    criteria: {},
    enabled: true,
    revision,
    createdAtMs: 0,
    updatedAtMs: 0,
    deletedAtMs: null,
  };
}

async function follow(stored: readonly Filter[]) {
  const log = pino({ level: 'silent' });
  const registry = createFilterRegistry({ log });
  const rows: Row[] = [];
  const lookUps: (readonly string[])[] = [];
  let publish = (_message: BusMessage) => {};
  const store = {
    byIds: async (ids: readonly string[]) => {
      lookUps.push(ids);
      return stored.filter(({ id }) => ids.includes(id));
    },
  };
  const follower = createStreamFollower<Row>({
    stream: { name: 'rows', position: ({ sequence }) => ({ atMs: sequence, sequence }), select: async () => [] },
    streamLog: {
      head: async () => ({ atMs: rows.length, sequence: rows.length }),
      read: (async (_stream: unknown, { sequence }: { sequence: number }) => rows.slice(sequence)) as never,
    },
    bus: {
      subscribe(_name, handler) {
        publish = handler;
        return () => {};
      },
    },
    log,
    metrics: { followed: () => {} },
    heads: createHeadPoller({
      streamLog: { heads: async () => new Map([['rows', { atMs: rows.length, sequence: rows.length }]]) },
      log,
      intervalMs: 10,
    }),
    keptRows: 100,
    precondition: filtersKnown({ registry, store }, (row) => row),
  });
  await follower.start();
  const delivered: { sequence: number; isPrivate: boolean }[] = [];
  follower.follow((batch) => {
    for (const { sequence, filterId } of batch) delivered.push({ sequence, isPrivate: registry.isPrivate(filterId) });
  });
  function add(filterId: string, filterRevision: number): void {
    const row = { filterId, filterRevision, sequence: rows.length + 1 };
    rows.push(row);
    publish({ firstSequence: row.sequence, rows: [row] });
  }
  return { registry, follower, delivered, lookUps, add };
}

it('rows of a filter that is not known here yet are told when it is, in their order, and none is lost', async () => {
  const { follower, delivered, lookUps, add } = await follow([aFilter('new', 1)]);
  add('new', 1);
  add('new', 1);
  expect(delivered).toEqual([]);
  await vi.waitFor(() => expect(delivered).toHaveLength(2));
  add('new', 1);
  expect(delivered).toEqual([1, 2, 3].map((sequence) => ({ sequence, isPrivate: true })));
  expect(lookUps).toEqual([['new']]);
  await follower.stop();
});

it('a newer revision is looked up, a known one is told at once', async () => {
  const { registry, follower, delivered, lookUps, add } = await follow([aFilter('changed', 2)]);
  registry.put({ ...aFilter('changed', 1), visibility: 'SHARED' });
  add('changed', 1);
  expect(delivered).toEqual([{ sequence: 1, isPrivate: false }]);
  add('changed', 2);
  await vi.waitFor(() => expect(delivered).toHaveLength(2));
  expect(delivered[1]).toEqual({ sequence: 2, isPrivate: true });
  expect(lookUps).toHaveLength(1);
  await follower.stop();
});

it('rows of filters that no longer exist are told all the same, and looked up once', async () => {
  const { follower, delivered, lookUps, add } = await follow([]);
  add('gone', 3);
  await vi.waitFor(() => expect(delivered).toHaveLength(1));
  add('gone', 2);
  expect(delivered).toHaveLength(2);
  expect(lookUps).toHaveLength(1);
  await follower.stop();
});
