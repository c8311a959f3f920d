import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { createDatabase, type Database } from '../../src/db/client.ts';
import type { FilterChange } from '../../src/domain/filters/filter-change.ts';
import { createAuditLog } from '../../src/services/access/audit-log.ts';
import type { BusMessage } from '../../src/services/bus/bus.ts';
import { filterChangeStream } from '../../src/services/filters/filter-change-stream.ts';
import { createFilterRegistry, type FilterRegistry } from '../../src/services/filters/filter-registry.ts';
import { createFilterService, type FilterService } from '../../src/services/filters/filter-service.ts';
import { createFilterStore, type FilterStore } from '../../src/services/filters/filter-store.ts';
import { createHeadPoller } from '../../src/services/stream-log/head-poller.ts';
import { createStreamFollower } from '../../src/services/stream-log/stream-follower.ts';
import { createStreamLog } from '../../src/services/stream-log/stream-log.ts';

/** The part of a server that deals with filters, as app.ts puts it together. */
export interface FilterProcess {
  readonly database: Database;
  readonly store: FilterStore;
  readonly filters: FilterService;
  readonly registry: FilterRegistry;
  /** What it told the other processes. */
  readonly published: readonly FilterChange[];
  stop(): Promise<void>;
}

export interface FilterProcessOptions {
  readonly databaseUrl: string;
  readonly bus: {
    publish(channel: string, message: BusMessage): void;
    subscribe(channel: string, handler: (message: BusMessage) => void): () => void;
  };
  readonly pollIntervalMs?: number;
}

export async function startFilterProcess({ databaseUrl, bus, pollIntervalMs = 10 }: FilterProcessOptions): Promise<FilterProcess> {
  const log = pino({ level: 'silent' });
  const database = createDatabase({ url: databaseUrl, poolSize: 4, statementTimeoutMs: 20_000, applicationName: 'filter-process' });
  const { writeSql, orm } = database;
  const streamLog = createStreamLog({ sql: writeSql });
  const registry = createFilterRegistry({ log });
  const published: FilterChange[] = [];
  const store = createFilterStore({ orm, streamLog });
  const follower = createStreamFollower<FilterChange>({
    stream: filterChangeStream,
    streamLog,
    bus,
    log,
    metrics: { followed: () => {} },
    heads: createHeadPoller({ streamLog, log, intervalMs: pollIntervalMs }),
    keptRows: 100,
  });
  const filters = createFilterService({
    sql: writeSql,
    store,
    registry,
    auditLog: createAuditLog({ sql: writeSql, streamLog, clock: Date.now, onCommitted: () => {} }),
    follower,
    onCommitted(changes) {
      published.push(...changes);
      bus.publish(filterChangeStream.name, { firstSequence: changes[0]!.sequence, rows: changes });
    },
    clock: Date.now,
    newId: uuidv7,
    maximumEnabled: 1_000,
  });
  await follower.start();
  await filters.start();
  return {
    database,
    store,
    filters,
    registry,
    published,
    async stop() {
      filters.stop();
      await follower.stop();
      await database.close();
    },
  };
}
