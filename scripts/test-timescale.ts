/**
 * Runs the tests of time series on TimescaleDB: on that of TEST_DATABASE_URL (any edition; its user may make databases and the extension), or else on the Apache 2
 * edition, which root on Debian can have from Debian's packages. Exits with what the tests exit with, or with 3, saying what is missing, when there is nothing to run
 * them on.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { rootFolder, whatIsMissing } from './timescale/root-folder.ts';
import { startTimescale, type Timescale } from './timescale/start-timescale.ts';

const NOTHING_TO_RUN_ON = 3;

/** The suite that every backing has to pass, and what else must be the same on all of them. */
const TESTS = [
  'test/conformance/time-series.test.ts',
  'test/integration/time-series/plans.test.ts',
  'test/integration/time-series/retention.test.ts',
  'test/integration/time-series/storage-api.test.ts',
  'test/integration/rollups/rollups.test.ts',
];

const repository = fileURLToPath(new URL('..', import.meta.url));
const runner = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));

function test(url: string): Promise<number> {
  const env: NodeJS.ProcessEnv = { ...process.env, TEST_DATABASE_URL: url, TEST_TIMESCALE: 'true' };
  // The counts of the whole suite are not those of this one.
  delete env.TEST_COUNTS_FILE;
  const child = spawn(process.execPath, [runner, 'run', ...TESTS], { cwd: repository, env, stdio: 'inherit' });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

/** Null when it cannot be brought up. */
async function apacheEdition(): Promise<Timescale | null> {
  const missing = whatIsMissing();
  if (missing !== null) {
    console.error(`time series were NOT tested on TimescaleDB: set TEST_DATABASE_URL to one, or have ${missing}`);
    return null;
  }
  try {
    return await startTimescale(rootFolder());
  } catch (error) {
    console.error(
      `time series were NOT tested on TimescaleDB: it cannot be brought up (${(error as Error).message}); set TEST_DATABASE_URL to one`,
    );
    return null;
  }
}

async function main(): Promise<number> {
  if (process.env.TEST_DATABASE_URL) return test(process.env.TEST_DATABASE_URL);
  const timescale = await apacheEdition();
  if (timescale === null) return NOTHING_TO_RUN_ON;
  process.once('exit', timescale.stop);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  return test(timescale.url);
}

process.exit(await main());
