import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../../../src/db/embedded/start-embedded-postgres.ts';
import { migrate } from '../../../src/db/migrate.ts';
import { setUpTimeSeries } from '../../../src/db/time-series/set-up-time-series.ts';
import { readRetentionRuns } from '../../../src/services/history/read-retention-runs.ts';
import { anExpiringHistory, type ExpiringHistory } from '../../support/an-expiring-history.ts';
import { serverPid } from '../../support/embedded/server-pid.ts';
import { type HeldLock, holdLock } from '../../support/hold-lock.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { type RetentionServer, startRetentionServer } from '../../support/start-retention-server.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

/** Rounds that are ended wherever the process happens to be. */
const FREE_KILLS = 6;
/** Of the progress a process makes in a round: batches, chunks, runs. */
const MOST_STEPS = 30;
/** The process compiles its source first. */
const WAIT = { interval: 5, timeout: 100_000 };
/** Any number: what it locks is what the process is to stop at. */
const STOP = 77;

let database: Pick<TestDatabase, 'url' | 'drop'>;
let history: ExpiringHistory;
let server: RetentionServer | null = null;
let lock: HeldLock | null = null;

afterEach(async () => {
  await server?.kill();
  await lock?.release();
  server = null;
  lock = null;
  await history.close();
  await database.drop();
});

/** Where the process is stopped, to be killed there. */
interface KillPoint {
  readonly at: string;
  readonly isPlainOnly?: boolean;
  /** Puts something in its way. */
  readonly prepare: () => Promise<HeldLock>;
  /** What it is waiting with then: the beginning of a statement, case does not matter. */
  readonly statement: RegExp;
  /** How many runs of the retention are to end before it is killed. */
  readonly runs?: number;
}

/** The lock of a whole table or chunk. */
const locked = (relation: string, mode: string) => holdLock(database.url, `lock table ${relation} in ${mode} mode`);

/** Stops whoever makes such a change, when it is made and not committed. */
async function stopAt(table: string, when: string): Promise<HeldLock> {
  await history.sql.unsafe(
    `create or replace trigger stop_here before update on ${table} for each row when (${when}) execute function stop_here()`,
  );
  const held = await holdLock(database.url, `select pg_advisory_xact_lock(${STOP})`);
  return {
    async release() {
      await held.release();
      await history.left();
      await history.sql.unsafe(`drop trigger stop_here on ${table}`);
    },
  };
}

const expiredChunk = async (table: string, mode: string) => locked((await history.expiredChunk(table)).relation, mode);
const DROP = /^\s*(drop table|select drop_chunks)/;
const NOTE = /^\s*update retention_runs/;

const KILL_POINTS: readonly KillPoint[] = [
  { at: 'the drop of a chunk of hours', prepare: () => expiredChunk('rollup_hours', 'access share'), statement: DROP },
  {
    at: 'a batch whose cells are stored and whose place is not, while the retention runs to its end',
    prepare: () => stopAt('stream_positions', 'true'),
    statement: /^\s*update stream_positions/,
    runs: 2,
  },
  { at: 'the first chunk, gone and not committed', prepare: () => stopAt('retention_runs', 'new.removed_chunks = 1'), statement: NOTE },
  { at: 'the drop of a chunk of results', prepare: () => expiredChunk('scan_results', 'access share'), statement: DROP },
  {
    at: 'a chunk in the middle, gone and not committed',
    prepare: () => stopAt('retention_runs', 'new.removed_chunks = 7'),
    statement: NOTE,
  },
  {
    at: 'the wait for who writes to a chunk',
    prepare: () => expiredChunk('underlying_observations', 'row exclusive'),
    statement: /^\s*lock table \S+ in share mode/,
  },
  { at: 'the drop of a chunk of minutes', prepare: () => expiredChunk('rollup_minutes', 'access share'), statement: DROP },
  {
    at: 'days, gone and not committed',
    prepare: () => stopAt('retention_runs', 'new.removed_chunks = old.removed_chunks and new.removed_rows > old.removed_rows'),
    statement: NOTE,
  },
  { at: 'the end of the run', prepare: () => stopAt('retention_runs', `new.outcome = 'DONE'`), statement: NOTE },
  {
    at: 'a chunk that is being added',
    isPlainOnly: true,
    prepare: () => locked('underlying_observations_default', 'access share'),
    statement: /^\s*lock table "underlying_observations_default" in access exclusive mode/,
  },
];

const waiting = async () =>
  (
    await history.sql<{ query: string }[]>`
      select query from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and (application_name = 'strikewire retention' or application_name like 'rollup-process%')`
  ).map(({ query }) => query.toLowerCase());

async function reached({ at, statement, runs = 0 }: Pick<KillPoint, 'at' | 'statement' | 'runs'>): Promise<void> {
  await expect.poll(waiting, { ...WAIT, message: at }).toContainEqual(expect.stringMatching(statement));
  for (let run = 0; run < runs; run++) await server!.next('RAN');
}

const runsOf = async () => readRetentionRuns(history.sql, 10_000);

/** A round: the process is killed at what `reach` waits for, and everything must be as the copy says when another has started. */
async function round(
  reach: () => Promise<unknown>,
  { isPut = true, prepare }: { isPut?: boolean; prepare?: () => Promise<HeldLock> } = {},
) {
  await history.grow(50, 10);
  if (isPut) await history.keepChunks();
  const before = { chunks: await history.chunks(), runs: new Set((await runsOf()).map(({ id }) => id)) };
  lock = (await prepare?.()) ?? null;
  server = startRetentionServer(database.url, history.nowMs());
  await reach();
  await server.kill();
  await lock?.release();
  lock = null;
  await history.left();
  await history.expectNothingLost();
  const begun = (await runsOf()).filter(({ id }) => !before.runs.has(id));
  const after = await history.chunks();
  const gone = [...before.chunks].filter((chunk) => !after.has(chunk)).length;
  // What was put into chunks by the process itself is not among those from before.
  const noted = begun.reduce((sum, { removed }) => sum + removed.chunks, 0);
  expect(isPut ? noted : Math.min(noted, gone)).toBe(gone);
  const cut = begun.filter(({ outcome }) => outcome === 'RUNNING');
  expect(cut.length).toBeLessThanOrEqual(1);
  await history.restart();
  const told = (await runsOf()).filter(({ id }) => id === cut[0]?.id);
  expect(told).toEqual(cut.map((run) => ({ ...run, outcome: 'CUT', endedAtMs: null })));
  return { cells: await history.expectAllAsStored(), cut: cut.length };
}

async function begin(): Promise<void> {
  history = await anExpiringHistory(database.url);
  await history.sql.unsafe(
    `create function stop_here() returns trigger language plpgsql as 'begin perform pg_advisory_xact_lock_shared(${STOP}); return new; end'`,
  );
  // So much that of every tier something expires from the first round on.
  for (let step = 0; step < 17; step++) {
    await history.grow(50, 50);
    await history.rollUp();
  }
}

describe('PostgreSQL that is killed while what has expired is removed', () => {
  it('recovers to whole chunks, and the process that was at it goes on', { timeout: 600_000 }, async () => {
    const folder = await temporaryDirectory('killed-retention');
    const dataDirectory = join(folder.path, 'postgres');
    const log = pino({ level: 'silent' });
    const postgres = await startEmbeddedPostgres({ dataDirectory, log });
    database = {
      url: postgres.url,
      async drop() {
        await postgres.stop();
        await folder.remove();
      },
    };
    await migrate(postgres.url);
    await setUpTimeSeries({ url: postgres.url, log, nowMs: Date.now() });
    await begin();
    await history.grow(50, 10);
    await history.keepChunks();
    const before = await history.chunks();
    lock = await stopAt('retention_runs', 'new.removed_chunks = 7');
    server = startRetentionServer(database.url, history.nowMs());
    await reached({ at: 'the seventh chunk, gone and not committed', statement: NOTE });
    const runsAgain = new Promise<void>((resolve) => {
      postgres.onRestart(resolve);
    });
    // All of its processes at once.
    process.kill(-(await serverPid(dataDirectory)), 'SIGKILL');
    await runsAgain;
    for (let run = 0; run < 2; run++) await server.next('RAN');
    await server.kill();
    await lock.release();
    lock = null;
    await history.expectNothingLost();
    await history.restart();
    expect(await history.expectAllAsStored()).toBeGreaterThan(5_000);
    const after = await history.chunks();
    const runs = await runsOf();
    expect(runs.reduce((sum, { removed }) => sum + removed.chunks, 0)).toBe([...before].filter((chunk) => !after.has(chunk)).length);
    expect(runs.at(-1)).toMatchObject({ outcome: expect.stringMatching(/^(CUT|FAILED)$/), removed: { chunks: 6 } });
  });
});

describe('a process that is killed while it removes what has expired', () => {
  it('leaves nothing that the next one does not put right, wherever it is killed', { timeout: 600_000 }, async () => {
    database = await createTestDatabase();
    await begin();
    const random = seededRandom(20_191);
    let kills = 0;
    let cut = 0;
    for (const point of KILL_POINTS) {
      const { isPlainOnly = false, prepare } = point;
      if (isPlainOnly && history.backing !== 'PLAIN') continue;
      cut += (await round(() => reached(point), { prepare, isPut: !isPlainOnly })).cut;
      kills++;
    }
    for (let free = 0; free < FREE_KILLS; free++) {
      const steps = 1 + Math.floor(random() * MOST_STEPS);
      const { cells, cut: wasCut } = await round(async () => {
        for (let step = 0; step < steps; step++) await server!.next();
      });
      cut += wasCut;
      kills++;
      expect(cells).toBeGreaterThan(5_000);
    }
    expect(cut).toBeGreaterThan(kills / 2);
  });
});
