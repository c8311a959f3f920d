import { join } from 'node:path';
import { claimDataOrigin } from '../db/claim-data-origin.ts';
import { createDatabase } from '../db/client.ts';
import { databaseIdentity } from '../db/database-identity.ts';
import { startEmbeddedPostgres } from '../db/embedded/start-embedded-postgres.ts';
import { migrateWhenReachable } from '../db/migrate-when-reachable.ts';
import { createEnsureChunks } from '../db/time-series/ensure-chunks.ts';
import { setUpTimeSeries } from '../db/time-series/set-up-time-series.ts';
import { urlHost } from '../server/logging/url-host.ts';
import { requestContext } from '../server/request-context.ts';
import { createBusMetrics } from '../services/bus/bus-metrics.ts';
import { createInProcessBus } from '../services/bus/in-process-bus.ts';
import { createRedisBus } from '../services/bus/redis-bus.ts';
import { dataOriginOf } from '../services/market-data/data-origin.ts';
import type { StoredStream, StreamRow } from '../services/stream-log/stream-definition.ts';
import { createStreamFollower, type RowPrecondition } from '../services/stream-log/stream-follower.ts';
import { createStreamLog } from '../services/stream-log/stream-log.ts';
import { createStreamMetrics } from '../services/stream-log/stream-metrics.ts';
import type { Wiring } from './wiring.ts';

/** A Redis that hangs is noticed within three of these. */
const BUS_LOOK_INTERVAL_MS = 1_000;
/** Newest rows of a stream kept for subscribers that join a little behind: about 3 KB each. */
const KEPT_ROWS = 2_000;

export type Storage = Awaited<ReturnType<typeof startStorage>>;

/** The database, and what carries its streams between processes. */
export async function startStorage({ config, deps, lifecycle, registry, starting, component }: Wiring) {
  const { clock, random, newId } = deps;
  const origin = dataOriginOf(deps.feed?.kind ?? config.feed.kind);
  const dataDirectory = join(config.database.dataDirectory, `postgres-${origin}`);
  const embedded = config.database.url ? null : await startEmbeddedPostgres({ dataDirectory, log: component('postgres') });
  if (embedded) lifecycle.onStop('embedded PostgreSQL', () => embedded.stop());
  starting.throwIfAborted();
  const databaseUrl = config.database.url ?? embedded!.url;
  await migrateWhenReachable({ url: databaseUrl, log: component('migrations'), signal: starting });
  const backing = await setUpTimeSeries({ url: databaseUrl, log: component('time-series'), nowMs: clock(), signal: starting });
  const database = createDatabase({
    url: databaseUrl,
    poolSize: config.database.poolSize,
    statementTimeoutMs: config.database.statementTimeoutMs,
    applicationName: 'strikewire',
    currentScope: () => requestContext.getStore()?.statements,
  });
  lifecycle.onStop('database', database.close);
  const { sql, writeSql, orm } = database;
  await claimDataOrigin(orm, { origin, allowChange: config.database.allowFeedChange, nowMs: clock() });

  // Events between processes
  const busMetrics = createBusMetrics(registry);
  const bus =
    deps.bus ??
    (config.redis.url
      ? createRedisBus({
          url: config.redis.url,
          description: urlHost(config.redis.url),
          databaseIdentity: await databaseIdentity(sql),
          processId: newId(),
          log: component('bus'),
          metrics: busMetrics,
          random,
          lookIntervalMs: BUS_LOOK_INTERVAL_MS,
        })
      : createInProcessBus({ log: component('bus') }));
  await bus.start();
  lifecycle.onStop('bus', bus.stop);

  const ensureChunks = createEnsureChunks({ sql: writeSql, backing: backing.kind, log: component('time-series') });
  const streamLog = createStreamLog({ sql: writeSql });
  const streamMetrics = createStreamMetrics(registry);
  const follow = <Row extends StreamRow>(stream: StoredStream<Row>, precondition?: RowPrecondition<Row>) =>
    createStreamFollower({
      stream,
      streamLog,
      bus,
      log: component('streams'),
      metrics: streamMetrics,
      pollIntervalMs: config.database.pollIntervalMs,
      keptRows: KEPT_ROWS,
      precondition,
    });
  return { embedded, dataDirectory, databaseUrl, backing, database, ensureChunks, bus, streamLog, follow };
}
