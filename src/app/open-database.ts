import { join } from 'node:path';
import { startEmbeddedPostgres } from '../db/embedded/start-embedded-postgres.ts';
import { migrateWhenReachable } from '../db/migrate-when-reachable.ts';
import { setUpTimeSeries } from '../db/time-series/set-up-time-series.ts';
import { dataOriginOf } from '../services/market-data/data-origin.ts';
import type { Foundation } from './wiring.ts';

export type OpenedDatabase = Awaited<ReturnType<typeof openDatabase>>;

/**
 * A database with the newest tables: that of the configuration, or a PostgreSQL of our own. Imports little, because it is the first thing of a start.
 * @param onWorking called, maybe more than once, as soon as PostgreSQL has work to do and this process has little
 */
export async function openDatabase({ config, deps, lifecycle, starting, component }: Foundation, onWorking: () => void) {
  const origin = dataOriginOf(deps.feed?.kind ?? config.feed.kind);
  const dataDirectory = join(config.database.dataDirectory, `postgres-${origin}`);
  const embedded = config.database.url ? null : await startEmbeddedPostgres({ dataDirectory, log: component('postgres'), onWorking });
  if (embedded) lifecycle.onStop('embedded PostgreSQL', () => embedded.stop());
  starting.throwIfAborted();
  onWorking();
  const databaseUrl = config.database.url ?? embedded!.url;
  await migrateWhenReachable({ url: databaseUrl, log: component('migrations'), signal: starting });
  const backing = await setUpTimeSeries({ url: databaseUrl, log: component('time-series'), nowMs: deps.clock(), signal: starting });
  return { embedded, origin, dataDirectory, databaseUrl, backing };
}
