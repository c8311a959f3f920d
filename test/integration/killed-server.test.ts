import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startEmbeddedPostgres } from '../../src/db/embedded/start-embedded-postgres.ts';
import { decodePosition } from '../../src/services/stream-log/cursor.ts';
import { opportunityDisagreements } from '../support/opportunity-disagreements.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../support/temporary-directory.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const RECORDINGS = fileURLToPath(new URL('../../../shared/data/chains/deribit', import.meta.url));
const KILLS = 3;
const RESULTS_BEFORE_KILL = 40;

const recorded = existsSync(RECORDINGS);
if (!recorded) console.warn('killed-server: ../shared/data/chains is not there, so the simulated market takes the place of the replay');

let directory: TemporaryDirectory;
let server: ChildProcess | null = null;

beforeAll(async () => {
  directory = await temporaryDirectory('killed-server');
});

afterAll(async () => {
  server?.kill('SIGKILL');
  await directory.remove();
});

/** The server as a user starts it; resolves with its address. */
async function start(): Promise<string> {
  const feed = recorded ? ['--feed', 'replay', '--path', RECORDINGS, '--speed', 'step'] : ['--feed', 'simulated'];
  const env = { ...process.env, PORT: '0', DATA_DIR: directory.path, SCANNER_MINIMUM_INTERVAL_MS: '20' };
  server = spawn(process.execPath, ['--import', 'tsx', MAIN, ...feed], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  return new Promise((resolve, reject) => {
    server!.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${output.slice(-1_000)}`)));
    server!.stdout!.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const address = /"url":"(http:\/\/[^/"]+)/.exec(output)?.[1];
      if (address) resolve(address);
    });
  });
}

/** The number of the newest stored result. */
async function newestSequence(address: string): Promise<number> {
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ scanResults(first: 1) { edges { cursor } } }' }),
  });
  const { data } = (await response.json()) as { data: { scanResults: { edges: { cursor: string }[] } } };
  const [newest] = data.scanResults.edges;
  return newest ? decodePosition('scan-results', newest.cursor).sequence : 0;
}

async function kill(): Promise<void> {
  server!.removeAllListeners('exit');
  const gone = new Promise<void>((resolve) => server!.once('exit', () => resolve()));
  server!.kill('SIGKILL');
  await gone;
}

describe('a server killed while it stores results', () => {
  it('recovers its data directory, with no number missing or doubled', { timeout: 600_000 }, async () => {
    for (let round = 0; round < KILLS; round++) {
      const address = await start();
      const enough = (await newestSequence(address)) + RESULTS_BEFORE_KILL;
      await vi.waitFor(async () => expect(await newestSequence(address)).toBeGreaterThan(enough), { timeout: 100_000, interval: 20 });
      await kill();
    }
    const embedded = await startEmbeddedPostgres({
      dataDirectory: join(directory.path, recorded ? 'postgres-replay' : 'postgres-simulated'),
      log: pino({ level: 'silent' }),
    });
    const sql = postgres(embedded.url, { max: 1 });
    try {
      const [found] = await sql`
        select count(*)::int as count, count(distinct sequence)::int as distinct, max(sequence)::int as last,
          (select last_sequence::int from stream_heads where stream = 'scan-results') as head,
          count(distinct id)::int as ids
        from scan_results`;
      expect(found!.count).toBeGreaterThan(KILLS * RESULTS_BEFORE_KILL);
      expect(found).toEqual({ count: found!.count, distinct: found!.count, last: found!.count, head: found!.count, ids: found!.count });
      const [backwards] = await sql`
        select count(*)::int as count from (
          select detected_at < lag(detected_at) over (order by sequence) as back from scan_results) as steps where back`;
      expect(backwards!.count).toBe(0);
      const [opportunities] = await sql`select count(*)::int as count from opportunities`;
      expect(opportunities!.count).toBeGreaterThan(0);
      expect(await opportunityDisagreements(sql)).toEqual([]);
      // Each start marks what its predecessor left behind; the last server has no successor.
      const [left] = await sql`select count(*)::int as count from scan_runs where state in ('RUNNING', 'QUEUED')`;
      expect(left!.count).toBeLessThanOrEqual(1);
    } finally {
      await sql.end();
      await embedded.stop();
    }
  });
});
