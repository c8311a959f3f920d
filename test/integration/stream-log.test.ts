import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { scanResultStream } from '../../src/services/results/scan-result-stream.ts';
import { createStreamLog, type StreamLog } from '../../src/services/stream-log/stream-log.ts';
import { STREAM_START } from '../../src/services/stream-log/stream-position.ts';
import { aResultDraft } from '../support/a-result-draft.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let testDatabase: TestDatabase;
let database: Database;
let log: StreamLog;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({ url: testDatabase.url, poolSize: 8, statementTimeoutMs: 20_000, applicationName: 'stream-log-test' });
  log = createStreamLog({ sql: database.sql });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const append = (count: number, nowMs = Date.now()) =>
  database.sql.begin((transaction) =>
    log.append(
      transaction,
      scanResultStream,
      Array.from({ length: count }, () => aResultDraft()),
      nowMs,
    ),
  );

describe('stream log', () => {
  it('gives back every field of a row as it was appended', async () => {
    const draft = aResultDraft({ metrics: { ivRank: null, delta: -0.123_456_789, gamma: 1e-9 } });
    const [row] = await database.sql.begin((transaction) => log.append(transaction, scanResultStream, [draft], 1_700_000_000_123));
    const head = await log.head('scan-results');
    expect(head).toEqual({ atMs: 1_700_000_000_123, sequence: row!.sequence });
    const [read] = await log.read(scanResultStream, { atMs: head.atMs, sequence: head.sequence - 1 }, 10);
    expect(read).toEqual({ ...draft, sequence: row!.sequence, detectedAtMs: 1_700_000_000_123 });
  });

  it('never lets time go back along the numbers', async () => {
    const [later] = await append(1, 1_800_000_000_000);
    const [earlier] = await append(1, 1_600_000_000_000);
    expect(earlier!.sequence).toBe(later!.sequence + 1);
    expect(earlier!.detectedAtMs).toBe(later!.detectedAtMs);
  });

  it('leaves no gap after a rollback', async () => {
    const before = await log.head('scan-results');
    await expect(
      database.sql.begin(async (transaction) => {
        await log.append(transaction, scanResultStream, [aResultDraft(), aResultDraft()], Date.now());
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await log.head('scan-results')).toEqual(before);
    const [next] = await append(1);
    expect(next!.sequence).toBe(before.sequence + 1);
  });

  it('shows a following reader each committed row once and in order, whatever the writers do', async () => {
    let position = await log.head('scan-results');
    const firstSequence = position.sequence + 1;
    let expected = 0;
    let writing = true;
    const random = mulberry32(7);

    async function writer(): Promise<void> {
      for (let batch = 0; batch < 25; batch++) {
        const size = 1 + Math.floor(random() * 4);
        const slow = random() < 0.2;
        const fails = random() < 0.2;
        await database.sql
          .begin(async (transaction) => {
            await log.append(
              transaction,
              scanResultStream,
              Array.from({ length: size }, () => aResultDraft()),
              Date.now(),
            );
            if (slow) await transaction`select pg_sleep(0.01)`;
            if (fails) throw new Error('rollback');
          })
          .then(
            () => {
              expected += size;
            },
            () => {},
          );
      }
    }

    const seen: number[] = [];
    async function reader(): Promise<void> {
      for (;;) {
        const done = !writing;
        const rows = await log.read(scanResultStream, position, 7);
        for (const row of rows) seen.push(row.sequence);
        const last = rows.at(-1);
        if (last) position = scanResultStream.position(last);
        else if (done) return;
      }
    }

    const reading = reader();
    await Promise.all([writer(), writer(), writer(), writer()]);
    writing = false;
    await reading;
    expect(seen).toEqual(Array.from({ length: expected }, (_, index) => firstSequence + index));
  });

  it('reads from the beginning', async () => {
    const [first] = await log.read(scanResultStream, STREAM_START, 1);
    expect(first!.sequence).toBe(1);
    expect(await log.head('no such stream')).toEqual(STREAM_START);
  });
});

/** mulberry32, a small seeded generator (public domain, T. Ettinger): the same interleavings of sizes and failures in every run. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
