import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../src/db/client.ts';
import type { ScanRun } from '../../src/domain/results/scan-run.ts';
import { createScanProcessStore } from '../../src/services/scan-runs/scan-process-store.ts';
import { SILENT_PROCESS_MS } from '../../src/services/scan-runs/scan-process-watch.ts';
import { createScanRunStore } from '../../src/services/scan-runs/scan-run-store.ts';
import { createUnderlyingStore } from '../../src/services/underlyings/underlying-store.ts';
import { aScanRun } from '../support/a-scan-run.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({ url: testDatabase.url, poolSize: 1, statementTimeoutMs: 20_000, applicationName: 'scan-processes-test' });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

function aProcess() {
  const processId = uuidv7();
  const { orm, sql } = database;
  return {
    processes: createScanProcessStore({ orm, processId }),
    runs: createScanRunStore({ orm, processId }),
    lastHeard: (secondsAgo: number) =>
      sql`update scan_processes set heartbeat_at = clock_timestamp() - make_interval(secs => ${secondsAgo}) where id = ${processId}`,
  };
}

async function stateOf(run: ScanRun): Promise<string | undefined> {
  const [stored] = await createScanRunStore({ orm: database.orm, processId: uuidv7() }).byIds([run.id]);
  return stored?.state;
}

it('marks the runs of a crashed process a moment after its last heartbeat, and leaves the long runs of a live one alone', async () => {
  const [crashed, live] = [aProcess(), aProcess()];
  await crashed.processes.beat();
  await live.processes.beat();
  const anHourAgo = Date.now() - 3_600_000;
  const left = [aScanRun({ state: 'RUNNING', kind: 'CYCLE' }), aScanRun()];
  const ended = aScanRun({ state: 'COMPLETED', finishedAtMs: 1_000 });
  const long = aScanRun({ state: 'RUNNING', requestedAtMs: anHourAgo, startedAtMs: anHourAgo });
  for (const run of [...left, ended]) await crashed.runs.save(run);
  await database.sql.begin((transaction) => live.runs.insert(transaction, long, null));

  await crashed.lastHeard(25);
  expect(await live.processes.markInterrupted(SILENT_PROCESS_MS, 5_000)).toBe(0);
  await crashed.lastHeard(31);
  expect(await live.processes.markInterrupted(SILENT_PROCESS_MS, 5_000)).toBe(2);
  for (const run of left) expect(await live.runs.byIds([run.id])).toMatchObject([{ state: 'INTERRUPTED', finishedAtMs: 5_000 }]);
  expect(await stateOf(ended)).toBe('COMPLETED');
  expect(await stateOf(long)).toBe('RUNNING');
});

it('marks the runs of a process that left, and those from before there were processes', async () => {
  const [gone, live] = [aProcess(), aProcess()];
  await gone.processes.beat();
  const [left, old] = [aScanRun(), aScanRun({ state: 'RUNNING' })];
  await gone.runs.save(left);
  await gone.runs.save(old);
  await database.sql`update scan_runs set process_id = null where id = ${old.id}`;
  await gone.processes.leave();
  await live.processes.beat();
  expect(await live.processes.markInterrupted(SILENT_PROCESS_MS, 5_000)).toBe(2);
  expect([await stateOf(left), await stateOf(old)]).toEqual(['INTERRUPTED', 'INTERRUPTED']);
});

it('puts a run right when the process that was thought dead saves it', async () => {
  const [paused, live] = [aProcess(), aProcess()];
  await paused.processes.beat();
  const run = aScanRun({ state: 'RUNNING' });
  await paused.runs.save(run);
  await paused.lastHeard(60);
  await live.processes.markInterrupted(SILENT_PROCESS_MS, 5_000);
  await paused.processes.beat();
  await paused.runs.save({ ...run, state: 'COMPLETED', finishedAtMs: 6_000 });
  await live.processes.markInterrupted(SILENT_PROCESS_MS, 7_000);
  expect(await live.runs.byIds([run.id])).toMatchObject([{ state: 'COMPLETED', finishedAtMs: 6_000 }]);
});

it('asks with one and the same statement however many runs or underlyings are read at once', async () => {
  const statements = new Set<string>();
  const client = postgres(testDatabase.url, { max: 1 });
  const orm = drizzle(client, { casing: 'snake_case', logger: { logQuery: (statement) => statements.add(statement) } });
  const runs = createScanRunStore({ orm, processId: uuidv7() });
  const underlyings = createUnderlyingStore({ orm });
  const some = [aScanRun(), aScanRun(), aScanRun()];
  for (const run of some) await aProcess().runs.save(run);
  for (const count of [0, 1, 2, 3]) {
    expect(await runs.byIds(some.slice(0, count).map((run) => run.id))).toHaveLength(count);
    expect(await underlyings.bySymbols(['A', 'B', 'C'].slice(0, count))).toEqual([]);
  }
  expect(statements.size).toBe(2);
  await client.end();
});
