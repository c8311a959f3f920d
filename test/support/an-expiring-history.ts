import { pino } from 'pino';
import { expect } from 'vitest';
import { createDatabase, type Sql } from '../../src/db/client.ts';
import type { Chunk } from '../../src/db/time-series/chunk.ts';
import { keepChunks } from '../../src/db/time-series/keep-chunks.ts';
import { listChunks } from '../../src/db/time-series/list-chunks.ts';
import { chunkStartMs, TIME_SERIES_TABLES, timeSeriesTable } from '../../src/db/time-series/time-series-tables.ts';
import { readRetentionRuns } from '../../src/services/history/read-retention-runs.ts';
import { RETAINED_TABLES } from '../../src/services/history/retained-tables.ts';
import { readRollupBacklog } from '../../src/services/rollups/rollup-backlog.ts';
import { aRetentionProcess, KEPT_DAYS, type RetentionProcess } from './a-retention-process.ts';
import type { RollupRowSeed } from './a-rollup-process.ts';
import { compareRollups } from './rollup-disagreements.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const BEGINNING = Date.UTC(2020, 0, 1);
/** Much less than minutes are kept: what is late never belongs into a bucket that is gone. */
const LATEST_DAYS = 9;
const ROWS_AT_ONCE = 6;
/** How cells are removed: by chunks, or those of days one by one. */
const CELLS = [
  { tier: 'MINUTE', widthMs: timeSeriesTable('rollup_minutes').chunkMs },
  { tier: 'HOUR', widthMs: timeSeriesTable('rollup_hours').chunkMs },
  { tier: 'DAY', widthMs: DAY },
] as const;
const RAW = RETAINED_TABLES.filter(({ stream }) => stream !== null);

/** A history whose clock is turned on by hand, and a copy of all rows that were ever stored in it. */
export interface ExpiringHistory {
  readonly sql: Sql;
  readonly backing: RetentionProcess['backing'];
  nowMs(): number;
  /** Turns the clock on, and stores rows all along, a few at each step. */
  grow(days: number, stepDays: number): Promise<void>;
  /** Rolls up what there is. */
  rollUp(): Promise<void>;
  /** Puts what lies in no chunk into chunks. */
  keepChunks(): Promise<void>;
  /** The oldest chunk of a table that is older than the retention. */
  expiredChunk(table: string): Promise<Chunk>;
  /** All there are, of all tables. */
  chunks(): Promise<ReadonlySet<string>>;
  /** Resolves when nothing is left in the database of a process that was killed. */
  left(): Promise<void>;
  /** Expects what may never be otherwise: of raw rows whole chunks are gone, which were rolled up and had expired; nothing lies about. */
  expectNothingLost(): Promise<void>;
  /** As a server does that starts: rolls up what there is, and runs the retention to its end. */
  restart(): Promise<void>;
  /** Expects raw rows and every tier to be as the copy says, as far as they are kept. @returns how many cells were compared */
  expectAllAsStored(): Promise<number>;
  close(): Promise<void>;
}

export async function anExpiringHistory(databaseUrl: string): Promise<ExpiringHistory> {
  const log = pino({ level: 'silent' });
  let nowMs = BEGINNING;
  const open = (applicationName: string) => aRetentionProcess({ databaseUrl, clock: () => nowMs, log, applicationName });
  const database = createDatabase({ url: databaseUrl, poolSize: 2, statementTimeoutMs: 60_000, applicationName: 'history-check' });
  const { sql } = database;
  const writer = await open('history-writer');
  const { backing } = writer;
  /** When something came for a chunk or a day last, by where it begins. */
  const writtenMs = new Map(CELLS.map(({ tier }) => [tier, new Map<number, number>()]));
  let seeds = 0;
  await sql`create schema copy`;
  for (const { table } of RAW) await sql.unsafe(`create table copy.${table} (like public.${table} including indexes)`);

  const cutoffMs = (tier: keyof typeof KEPT_DAYS) => nowMs - KEPT_DAYS[tier] * DAY;

  function seed(storedMs: number): RollupRowSeed {
    const number = seeds++;
    const lateMs = number % 5 === 0 ? (number % LATEST_DAYS) * DAY : (number % 3) * MINUTE;
    return {
      quotedAtMs: storedMs - lateMs,
      filter: number % 2,
      symbol: number % 3 === 0 ? 'SPX' : 'NDX',
      strategy: 'BULL_PUT_SPREAD',
      value: ((number * 7_919) % 500) - 100,
    };
  }

  async function store(storedMs: number, rolledUpMs: number): Promise<void> {
    const rows = Array.from({ length: ROWS_AT_ONCE }, () => seed(storedMs));
    await writer.rollups.append(rows, storedMs);
    for (const { tier, widthMs } of CELLS) {
      for (const { quotedAtMs } of rows) writtenMs.get(tier)!.set(Math.floor(quotedAtMs / widthMs) * widthMs, rolledUpMs);
    }
    for (const { table } of RAW) {
      await sql.unsafe(
        `insert into copy.${table} select * from public.${table} where sequence > (select coalesce(max(sequence), 0) from copy.${table})`,
      );
    }
  }

  /** Where the first bucket begins that is to be kept. */
  function keptFromMs({ tier, widthMs }: (typeof CELLS)[number]): number {
    const starts = [...writtenMs.get(tier)!].sort(([one], [other]) => one - other);
    const [first] = starts.find(([startMs, atMs]) => startMs + widthMs > cutoffMs(tier) || atMs >= cutoffMs(tier))!;
    return first;
  }

  /** How many rows of each chunk there were, and are. */
  async function rawChunks({ table, stream }: (typeof RAW)[number]) {
    const { timeColumn, chunkMs } = timeSeriesTable(table);
    const start = `floor(date_part('epoch', ${timeColumn}) * 1000 / ${chunkMs}) * ${chunkMs}`;
    return sql.unsafe<{ startMs: number; stored: number; left: number; lost: number; rolledUpTo: number }[]>(
      `select ${start} as "startMs", count(*)::int as stored, count(present.sequence)::int as left,
        coalesce(max(copied.sequence) filter (where present.sequence is null), 0)::float8 as lost,
        (select coalesce(max(sequence), 0)::float8 from stream_positions where consumer = 'rollups' and stream = $1) as "rolledUpTo"
      from copy.${table} as copied left join public.${table} as present using (${timeColumn}, sequence) group by 1 order by 1`,
      [stream],
    );
  }

  const allChunks = async () =>
    (await Promise.all(TIME_SERIES_TABLES.map((table) => listChunks(sql, backing, table)))).flat().map(({ relation }) => relation);

  return {
    sql,
    backing,
    nowMs: () => nowMs,
    async grow(days, stepDays) {
      const [fromMs, toMs] = [nowMs, nowMs + days * DAY];
      for (let atMs = fromMs + stepDays * DAY; atMs <= toMs; atMs += stepDays * DAY) await store(atMs, toMs);
      nowMs = toMs;
    },
    async rollUp() {
      await writer.rollups.refresher.refresh();
    },
    keepChunks: () => keepChunks(sql, backing, nowMs, log),
    async expiredChunk(table) {
      const { tier } = RETAINED_TABLES.find((retained) => retained.table === table)!;
      const [oldest] = await listChunks(sql, backing, timeSeriesTable(table));
      expect([table, oldest!.beforeMs]).toEqual([table, expect.toSatisfy((ms: number) => ms <= cutoffMs(tier))]);
      return oldest!;
    },
    chunks: async () => new Set(await allChunks()),
    async left() {
      await expect
        .poll(
          () => sql`
            select application_name, query from pg_stat_activity
            where datname = current_database() and (application_name = 'strikewire retention' or application_name like 'rollup-process%')`,
          { interval: 10 },
        )
        .toEqual([]);
    },
    async expectNothingLost() {
      for (const raw of RAW) {
        const { chunkMs } = timeSeriesTable(raw.table);
        for (const { startMs, stored, left, lost, rolledUpTo } of await rawChunks(raw)) {
          const chunk = `${raw.table} ${new Date(startMs).toISOString()}`;
          expect([chunk, left]).toEqual([chunk, expect.toSatisfy((rows: number) => rows === stored || rows === 0)]);
          expect([chunk, lost]).toEqual([chunk, expect.toSatisfy((sequence: number) => sequence <= rolledUpTo)]);
          if (left === 0) expect([chunk, startMs + chunkMs]).toEqual([chunk, expect.toSatisfy((ms: number) => ms <= cutoffMs('RAW'))]);
        }
      }
      // Tables that were to become chunks, or have been some.
      const names = `^(${TIME_SERIES_TABLES.map(({ name }) => name).join('|')})_.*\\d`;
      expect(
        await sql`
          select relname from pg_class
          where relkind = 'r' and relname ~ ${names} and not exists (select from pg_inherits where inhrelid = pg_class.oid)`,
      ).toEqual([]);
    },
    async restart() {
      const server = await open('history-server');
      try {
        const { refresher } = server.rollups;
        await refresher.refresh();
        for (const { source, rows } of await readRollupBacklog(sql)) expect([source, rows]).toEqual([source, 0]);
        const { tables } = await server.retention.run({ isDryRun: false, acting: null });
        for (const { table, chunks } of tables) {
          for (const { outcome } of chunks) expect([table, outcome]).toEqual([table, expect.stringMatching(/^(EXPIRED|WRITTEN_LATELY)$/)]);
        }
        const { tables: again } = await server.retention.run({ isDryRun: true, acting: null });
        for (const { table, removedRows, chunks } of again) {
          expect([table, removedRows, chunks.filter(({ outcome }) => outcome === 'EXPIRED')]).toEqual([table, 0, []]);
        }
      } finally {
        await server.close();
      }
      const [newest, ...earlier] = await readRetentionRuns(sql, 10_000);
      expect(newest!.outcome).toBe('DONE');
      expect(earlier.filter(({ outcome }) => outcome === 'RUNNING')).toEqual([]);
    },
    async expectAllAsStored() {
      for (const raw of RAW) {
        const { chunkMs } = timeSeriesTable(raw.table);
        for (const { startMs, stored, left } of await rawChunks(raw)) {
          const isKept = startMs + chunkMs > cutoffMs('RAW');
          expect([raw.table, startMs, left]).toEqual([raw.table, chunkStartMs({ chunkMs }, startMs), isKept ? stored : 0]);
        }
      }
      const kept = Object.fromEntries(CELLS.map((cells) => [cells.tier, keptFromMs(cells)]));
      const { cells, disagreements } = await compareRollups(sql, { schema: 'copy', keptFromMs: kept });
      expect(disagreements).toEqual([]);
      return cells;
    },
    async close() {
      await writer.close();
      await database.close();
    },
  };
}
