import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '../dist/db/embedded/start-embedded-postgres.js';

export interface BenchDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/** The PostgreSQL that BENCH_DATABASE_URL names, or the embedded one with its ordinary settings and an empty data directory. */
export async function startBenchDatabase(): Promise<BenchDatabase> {
  const external = process.env.BENCH_DATABASE_URL;
  if (external) return { url: external, stop: async () => {} };
  const directory = mkdtempSync(join(tmpdir(), 'strikewire-bench-'));
  const embedded = await startEmbeddedPostgres({ dataDirectory: join(directory, 'postgres'), log: pino({ level: 'error' }) });
  return {
    url: embedded.url,
    stop: async () => {
      await embedded.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
