import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aRollupProcess, type RollupProcess } from '../../support/a-rollup-process.ts';
import { compareRollups } from '../../support/rollup-disagreements.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const REFRESHER = fileURLToPath(new URL('../../support/rollup-refresher-process.ts', import.meta.url));
const NOON = Date.UTC(2019, 2, 4, 12);
const ROWS = 1_500;

let database: TestDatabase;
let ours: RollupProcess;
let child: ChildProcess | null = null;

beforeEach(async () => {
  database = await createTestDatabase();
  ours = aRollupProcess(database.url);
});

afterEach(async () => {
  await kill();
  await ours.close();
  await database.drop();
});

async function kill(): Promise<void> {
  const dying = child;
  child = null;
  if (!dying || dying.exitCode !== null || dying.signalCode !== null) return;
  const gone = once(dying, 'exit');
  dying.kill('SIGKILL');
  await gone;
}

/** Statements of a refresh that has changed something and not committed it. */
async function uncommitted(): Promise<readonly { pid: number }[]> {
  return ours.database.sql`
    select pid from pg_stat_activity
    where datname = current_database() and application_name = 'rollup-process queries' and backend_xid is not null and pid <> pg_backend_pid()`;
}

it('every tier is as the rows say when the process that rolls up is killed in the middle, again and again', {
  timeout: 600_000,
}, async () => {
  await ours.refresher.refresh();
  let cut = 0;
  for (let round = 0; round < 4; round++) {
    // Some late, some at the same moment, in the buckets of earlier rounds as well.
    await ours.append(
      Array.from({ length: ROWS }, (_, index) => ({
        quotedAtMs: NOON + ((index * 7_919) % 900_000) + round * 60_000,
        filter: index % 4,
        symbol: ['SPX', 'NDX', 'RUT'][index % 3]!,
        strategy: index % 2 === 0 ? ('BULL_PUT_SPREAD' as const) : ('COVERED_CALL' as const),
        value: (index % 500) - 100,
      })),
    );
    child = spawn(process.execPath, ['--import', 'tsx', REFRESHER], {
      env: { ...process.env, ROLLUP_DATABASE_URL: database.url },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const place = async () =>
      (await ours.database.sql`select stream, sequence from stream_positions order by stream`).map(({ sequence }) => sequence);
    const before = await place();
    await expect.poll(uncommitted, { timeout: 100_000, interval: 2 }).not.toEqual([]);
    await kill();
    // What was under way is undone as soon as PostgreSQL notices.
    await expect.poll(uncommitted, { timeout: 100_000 }).toEqual([]);
    const after = await place();
    if (before.some((sequence, index) => after[index] === sequence)) cut++;
  }
  expect(cut).toBeGreaterThan(0);
  await expect.poll(() => ours.refresher.refresh(), { timeout: 100_000 }).toBe(0);
  const { cells, disagreements } = await compareRollups(ours.database.sql);
  expect(cells).toBeGreaterThan(1_000);
  expect(disagreements).toEqual([]);
});
