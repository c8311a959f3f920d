import { setImmediate as nextTurn } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import type { ScanResult, ScanResultDraft } from '../../src/domain/results/scan-result.ts';
import { scanResultStream } from '../../src/services/results/scan-result-stream.ts';
import { createStreamLog } from '../../src/services/stream-log/stream-log.ts';
import { createStreamWriter, type StreamWriter, type StreamWriterDeps } from '../../src/services/stream-log/stream-writer.ts';
import { aResultDraft } from '../support/a-result-draft.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** One part in a turn of the event loop. */
const IN_TURNS = { turn: nextTurn, isExhausted: () => true, hasTime: () => false };

let testDatabase: TestDatabase;
let proxy: TcpProxy;
let database: Database;
let direct: Database;
let writer: StreamWriter<ScanResultDraft>;
let committed: ScanResult[];
const never = new AbortController().signal;

function connect(url: string): Database {
  return createDatabase({ url, poolSize: 2, statementTimeoutMs: 10_000, applicationName: 'stream-writer-test' });
}

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  const target = new URL(testDatabase.url);
  proxy = await startTcpProxy({ host: target.hostname, port: Number(target.port) });
  const proxied = new URL(testDatabase.url);
  proxied.host = `127.0.0.1:${proxy.port}`;
  database = connect(proxied.href);
  direct = connect(testDatabase.url);
  committed = [];
  writer = aWriter({ slicer: IN_TURNS, onCommitted: (rows) => committed.push(...rows) });
});

type Deps = StreamWriterDeps<ScanResultDraft, ScanResult>;

function aWriter(deps: Pick<Deps, 'slicer' | 'onCommitted'> & Partial<Deps>): StreamWriter<ScanResultDraft> {
  return createStreamWriter({
    stream: scanResultStream,
    table: 'scan_results',
    sql: database.sql,
    streamLog: createStreamLog({ sql: database.sql }),
    log: pino({ level: 'silent' }),
    clock: Date.now,
    random: () => 0,
    capacity: 100,
    ...deps,
  });
}

afterEach(async () => {
  await writer.stop(1_000);
  await database.close();
  await direct.close();
  proxy.close();
  await testDatabase.drop();
});

const drafts = (count: number) => Array.from({ length: count }, () => aResultDraft());

async function storedSequences(): Promise<number[]> {
  return (await direct.sql<{ sequence: number }[]>`select sequence from scan_results order by sequence`).map((row) => row.sequence);
}

describe('stream writer', () => {
  it.each([
    ['a turn of the event loop between two', true, [25, 'turn', 25, 'turn', 15]],
    ['as many as there is time for in one turn', false, [25, 'turn', 25, 15]],
  ])('announces a long batch in parts and in order, %s', async (_how, isExhausted, expected) => {
    const parts: (number | 'turn')[] = [];
    const long = aWriter({
      capacity: 1_000,
      onCommitted: (rows) => {
        committed.push(...rows);
        parts.push(rows.length);
      },
      slicer: {
        async turn() {
          await nextTurn();
          parts.push('turn');
        },
        isExhausted: () => isExhausted,
        hasTime: () => false,
      },
    });
    await long.accept(drafts(65), never);
    await long.committed(never);
    expect(committed.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 65 }, (_, index) => index + 1));
    // In front of them, turns between rows that are encoded.
    expect(parts.slice(parts.indexOf(25))).toEqual(expected);
    await long.stop(1_000);
  });

  it.each([
    ['a turn of the event loop between two', { isExhausted: true, hasTime: false }, [5, 'turn', 5, 'turn', 2]],
    ['as many as there is time for in one turn', { isExhausted: false, hasTime: false }, [5, 'turn', 5, 2]],
    ['without a turn while there is time', { isExhausted: true, hasTime: true }, [5, 5, 2]],
  ])('encodes in parts, %s', async (_how, time, expected) => {
    const parts: (number | 'turn')[] = [];
    const encoding = aWriter({
      stream: { ...scanResultStream, prepare: (part) => parts.push(part.length) },
      onCommitted: () => {},
      slicer: {
        async turn() {
          await nextTurn();
          parts.push('turn');
        },
        isExhausted: () => time.isExhausted,
        hasTime: () => time.hasTime,
      },
    });
    await encoding.accept(drafts(12), never);
    await encoding.committed(never);
    expect(parts).toEqual(expected);
    await encoding.stop(1_000);
  });

  it('commits in the order of acceptance and announces what is committed', async () => {
    const batches = [drafts(3), drafts(2)];
    for (const batch of batches) await writer.accept(batch, never);
    await writer.committed(never);
    expect(committed.map((row) => row.id)).toEqual(batches.flat().map((draft) => draft.id));
    expect(committed.map((row) => row.sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(await storedSequences()).toEqual([1, 2, 3, 4, 5]);
  });

  it('holds results while the database is away, says so, and stores each once when it is back', async () => {
    await writer.accept(drafts(5), never);
    await writer.committed(never);
    proxy.cut();
    await writer.accept(drafts(20), never);
    await vi.waitFor(() => expect(writer.isHealthy()).toBe(false));
    await writer.accept(drafts(20), never);
    expect(writer.pending()).toBe(40);
    await proxy.restore();
    await writer.committed(never);
    expect(writer.isHealthy()).toBe(true);
    expect(await storedSequences()).toEqual(Array.from({ length: 45 }, (_, index) => index + 1));
    expect(committed).toHaveLength(45);
  });

  it('makes the scanner wait while the buffer is full, and lets it give up', async () => {
    proxy.cut();
    await writer.accept(drafts(100), never);
    const givingUp = new AbortController();
    const refused = writer.accept(drafts(1), givingUp.signal);
    const waiting = writer.accept(drafts(1), never);
    givingUp.abort(new Error('stopping'));
    await expect(refused).rejects.toThrow('stopping');
    expect(writer.pending()).toBe(100);
    await proxy.restore();
    await waiting;
    await writer.committed(never);
    expect(await storedSequences()).toHaveLength(101);
  });

  it('does not store a batch twice when the acknowledgement of its commit was lost', async () => {
    // The connection dies between the commit and its acknowledgement: PostgreSQL has the rows, the writer sees a failure.
    const sql = database.sql;
    let lostOnce = false;
    const forgetful = new Proxy(sql, {
      get(target, property, receiver) {
        if (property !== 'begin') return Reflect.get(target, property, receiver);
        return async (work: Parameters<typeof sql.begin>[1]) => {
          const outcome = await target.begin(work as never);
          if (lostOnce) return outcome;
          lostOnce = true;
          throw Object.assign(new Error('write CONNECTION_CLOSED'), { code: 'CONNECTION_CLOSED' });
        };
      },
    });
    const second = createStreamWriter({
      stream: scanResultStream,
      table: 'scan_results',
      sql: forgetful as typeof sql,
      streamLog: createStreamLog({ sql }),
      log: pino({ level: 'silent' }),
      clock: Date.now,
      random: () => 0,
      capacity: 100,
      slicer: IN_TURNS,
      onCommitted: (rows) => committed.push(...rows),
    });
    await second.accept(drafts(4), never);
    await second.committed(never);
    expect(await storedSequences()).toEqual([1, 2, 3, 4]);
    await second.stop(1_000);
  });

  it('goes on after PostgreSQL has refused or cut off a COPY', async () => {
    await direct.sql.unsafe(`create function refuse() returns trigger language plpgsql as 'begin raise exception ''refused''; end'`);
    await direct.sql.unsafe('create trigger refusing before insert on scan_results for each row execute function refuse()');
    await writer.accept(drafts(4), never);
    await vi.waitFor(() => expect(writer.isHealthy()).toBe(false));
    await direct.sql.unsafe('drop trigger refusing on scan_results');
    await writer.committed(never);
    expect(writer.isHealthy()).toBe(true);
    expect(await storedSequences()).toEqual([1, 2, 3, 4]);
  });

  it('takes a batch that is larger than the buffer when the buffer is empty', async () => {
    await writer.accept(drafts(2_500), never);
    await writer.committed(never);
    expect(await storedSequences()).toHaveLength(2_500);
  });

  it('commits what another writer had accepted before, first', async () => {
    const order: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const named = aWriter({
      slicer: IN_TURNS,
      after: { accepted: () => 0, committed: () => held, isHealthy: () => true },
      onCommitted: () => order.push('named'),
    });
    const naming = aWriter({ slicer: IN_TURNS, after: named, onCommitted: () => order.push('naming') });
    await named.accept(drafts(2), never);
    await naming.accept(drafts(3), never);
    await vi.waitFor(() => expect(naming.pending()).toBe(3));
    await writer.accept(drafts(1), never);
    await writer.committed(never);
    expect(order).toEqual([]);
    // Nobody waits for what comes later.
    const earlier = named.committed(never);
    release();
    await earlier;
    await naming.committed(never);
    expect(order).toEqual(['named', 'naming']);
    expect(naming.isHealthy()).toBe(true);
    for (const one of [named, naming]) expect(await one.stop(1_000)).toBe(0);
  });

  it('waits for no more of another writer than that had accepted before', async () => {
    const waitedFor: (number | undefined)[] = [];
    let accepted = 7;
    const naming = aWriter({
      slicer: IN_TURNS,
      batchRows: 2,
      after: {
        accepted: () => accepted,
        async committed(_signal, count) {
          waitedFor.push(count);
        },
        isHealthy: () => true,
      },
      onCommitted: () => {},
    });
    await naming.accept(drafts(1), never);
    accepted = 9;
    await naming.accept(drafts(1), never);
    accepted = 12;
    await naming.accept(drafts(1), never);
    accepted = 15;
    await naming.committed(never);
    // The first batch begins at once; the other two rows are one.
    expect(waitedFor).toEqual([7, 12]);
    await naming.stop(1_000);
  });

  it('tells when the first of what it has accepted is committed', async () => {
    const small = aWriter({ slicer: IN_TURNS, batchRows: 2, onCommitted: (rows) => committed.push(...rows) });
    await small.accept(drafts(5), never);
    expect(small.accepted()).toBe(5);
    await small.committed(never, 1);
    expect(committed.map(({ sequence }) => sequence)).toEqual([1, 2]);
    await small.committed(never);
    await small.stop(1_000);
  });

  it('lets two batches wait while the database is there, and as many as the buffer holds while it is not', async () => {
    const small = aWriter({ slicer: IN_TURNS, batchRows: 5, onCommitted: (rows) => committed.push(...rows) });
    const reserved = await direct.sql.reserve();
    // Holds up what is committed.
    await reserved.unsafe('begin');
    await reserved.unsafe('lock stream_heads');
    await small.accept(drafts(9), never);
    await small.accept(drafts(1), never);
    let isTaken = false;
    const third = small.accept(drafts(1), never).then(() => {
      isTaken = true;
    });
    await nextTurn();
    expect({ isTaken, pending: small.pending() }).toEqual({ isTaken: false, pending: 10 });
    await vi.waitFor(() => expect(small.isHealthy()).toBe(false), { timeout: 10_000 });
    await third;
    await small.accept(drafts(89), never);
    expect(small.pending()).toBe(100);
    const fourth = small.accept(drafts(1), never);
    await reserved.unsafe('commit');
    reserved.release();
    await fourth;
    await small.committed(never);
    expect(committed.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 101 }, (_, index) => index + 1));
    await small.stop(1_000);
  });

  it('holds as much as the buffer has room for also while another writer cannot store what is named', async () => {
    const onCommitted = () => {};
    const named = aWriter({ slicer: IN_TURNS, onCommitted });
    const naming = aWriter({
      sql: direct.sql,
      streamLog: createStreamLog({ sql: direct.sql }),
      slicer: IN_TURNS,
      batchRows: 5,
      after: named,
      onCommitted,
    });
    proxy.cut();
    await named.accept(drafts(1), never);
    await naming.accept(drafts(10), never);
    await naming.accept(drafts(90), never);
    expect({ pending: naming.pending(), isHealthy: naming.isHealthy() }).toEqual({ pending: 100, isHealthy: false });
    await proxy.restore();
    await naming.committed(never);
    expect(naming.isHealthy()).toBe(true);
    expect(await storedSequences()).toHaveLength(101);
    for (const one of [named, naming]) expect(await one.stop(1_000)).toBe(0);
  });

  it('gives up waiting for another writer at the end of its time', async () => {
    proxy.cut();
    const naming = aWriter({
      sql: direct.sql,
      streamLog: createStreamLog({ sql: direct.sql }),
      slicer: IN_TURNS,
      after: writer,
      onCommitted: () => {},
    });
    await writer.accept(drafts(1), never);
    await naming.accept(drafts(2), never);
    expect(await naming.stop(300)).toBe(2);
    expect(await storedSequences()).toEqual([]);
  });

  it('gives up at the end of its time and tells how many are lost', async () => {
    proxy.cut();
    await writer.accept(drafts(7), never);
    expect(await writer.stop(300)).toBe(7);
    await expect(writer.accept(drafts(1), never)).rejects.toThrow('stopped');
  });
});
