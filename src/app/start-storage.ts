import { claimDataOrigin } from '../db/claim-data-origin.ts';
import { createDatabase } from '../db/client.ts';
import { databaseIdentity } from '../db/database-identity.ts';
import { createEnsureChunks } from '../db/time-series/ensure-chunks.ts';
import { urlHost } from '../server/logging/url-host.ts';
import { requestContext } from '../server/request-context.ts';
import { createBusMetrics } from '../services/bus/bus-metrics.ts';
import { createInProcessBus } from '../services/bus/in-process-bus.ts';
import { createRedisBus } from '../services/bus/redis-bus.ts';
import { createHeadPoller } from '../services/stream-log/head-poller.ts';
import type { StoredStream, StreamRow } from '../services/stream-log/stream-definition.ts';
import { createStreamFollower, type RowPrecondition } from '../services/stream-log/stream-follower.ts';
import { createStreamLog } from '../services/stream-log/stream-log.ts';
import { createStreamMetrics } from '../services/stream-log/stream-metrics.ts';
import type { OpenedDatabase } from './open-database.ts';
import type { Wiring } from './wiring.ts';

/** A Redis that hangs is noticed within three of these. */
const BUS_LOOK_INTERVAL_MS = 1_000;
/** Newest rows of a stream kept for subscribers that join a little behind: about 3 KB each. */
const KEPT_ROWS = 2_000;

export type Storage = Awaited<ReturnType<typeof startStorage>>;

/** Connections to the database, and what carries its streams between processes. */
export async function startStorage({ config, deps, lifecycle, registry, slicer, component }: Wiring, opened: OpenedDatabase) {
  const { clock, random, newId } = deps;
  const { origin, databaseUrl, backing } = opened;
  const database = createDatabase({
    url: databaseUrl,
    poolSize: config.database.poolSize,
    statementTimeoutMs: config.database.statementTimeoutMs,
    applicationName: 'strikewire',
    currentScope: () => requestContext.getStore()?.statements,
    readingTime: slicer,
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
  const heads = createHeadPoller({ streamLog, log: component('streams'), intervalMs: config.database.pollIntervalMs });
  const follow = <Row extends StreamRow>(stream: StoredStream<Row>, precondition?: RowPrecondition<Row>) =>
    createStreamFollower({
      stream,
      streamLog,
      bus,
      log: component('streams'),
      metrics: streamMetrics,
      heads,
      keptRows: KEPT_ROWS,
      precondition,
    });
  return { ...opened, database, ensureChunks, bus, streamLog, follow };
}
