import { pino } from 'pino';
import { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { detectBacking } from '../../src/db/time-series/detect-backing.ts';
import { createEnsureChunks, type EnsureChunks } from '../../src/db/time-series/ensure-chunks.ts';
import { UNDERLYING_METRICS, type UnderlyingMetricName } from '../../src/domain/analytics/underlying-metric.ts';
import { createInProcessBus } from '../../src/services/bus/in-process-bus.ts';
import { scanResultStream } from '../../src/services/results/scan-result-stream.ts';
import { createCellStore } from '../../src/services/rollups/cell-store.ts';
import { createRollUpBatch } from '../../src/services/rollups/roll-up-batch.ts';
import { createRollupChanges, type RollupChanges } from '../../src/services/rollups/rollup-changes.ts';
import { createRollupMetrics } from '../../src/services/rollups/rollup-metrics.ts';
import { createRollupReader, type RollupReader } from '../../src/services/rollups/rollup-reader.ts';
import { createRollupRefresher, type RollupRefresher } from '../../src/services/rollups/rollup-refresher.ts';
import { createRollupSeries } from '../../src/services/rollups/rollup-series.ts';
import { scanReportStream } from '../../src/services/scan-runs/scan-report-stream.ts';
import { createEventLoopSlicer } from '../../src/services/scanner/event-loop-slicer.ts';
import { createStreamLog } from '../../src/services/stream-log/stream-log.ts';
import { underlyingObservationStream } from '../../src/services/underlyings/underlying-observation-stream.ts';
import { aResultDraft } from './a-result-draft.ts';

/** One row for each of the three sources. */
export interface RollupRowSeed {
  readonly quotedAtMs: number;
  /** 0 to 3. */
  readonly filter: number;
  readonly symbol: string;
  readonly strategy: 'BULL_PUT_SPREAD' | 'COVERED_CALL';
  readonly value: number | null;
}

/** What a process has that rolls up, without the rest of the server; it starts nothing by itself. */
export interface RollupProcess {
  readonly database: Database;
  readonly refresher: RollupRefresher;
  readonly reader: RollupReader;
  readonly changes: RollupChanges;
  readonly registry: Registry;
  /** Rolls up one batch of at most as many rows. */
  readonly rollUp: ReturnType<typeof createRollUpBatch>;
  /** Stores a row of each source. @param atMs when, epoch milliseconds; by default now */
  append(seeds: readonly RollupRowSeed[], atMs?: number): Promise<void>;
  close(): Promise<void>;
}

export interface RollupProcessOptions {
  /** Epoch milliseconds. */
  readonly clock?: () => number;
  /** Tells its connections apart from those of others. */
  readonly applicationName?: string;
  /** What the refresher rolls up at once at most; left out: as many rows as in the product. */
  readonly batchRows?: number;
}

export function aRollupProcess(
  databaseUrl: string,
  { clock = Date.now, applicationName = 'rollup-process', batchRows = Number.POSITIVE_INFINITY }: RollupProcessOptions = {},
): RollupProcess {
  const database = createDatabase({ url: databaseUrl, poolSize: 3, statementTimeoutMs: 20_000, applicationName });
  const { sql } = database;
  const log = pino({ level: 'silent' });
  const bus = createInProcessBus({ log });
  const now = () => performance.now();
  const slicer = createEventLoopSlicer({ budgetMs: 8, now });
  const changes = createRollupChanges({ bus });
  const registry = new Registry();
  let ensuring: Promise<EnsureChunks> | null = null;
  const rollUp = createRollUpBatch({
    sql,
    slicer,
    async ensureChunks(table, fromMs, toMs) {
      ensuring ??= detectBacking(sql, log).then(({ kind }) => createEnsureChunks({ sql: database.writeSql, backing: kind, log }));
      await (await ensuring)(table, fromMs, toMs);
    },
    series: createRollupSeries({ slicer }),
    cells: createCellStore({ slicer, clock }),
  });
  const refresher = createRollupRefresher({
    sql,
    bus,
    rollUp: (source, limit) => rollUp(source, Math.min(limit, batchRows)),
    changes,
    metrics: createRollupMetrics(registry),
    log,
    clock,
    now,
    intervalMs: 20,
  });
  const streamLog = createStreamLog({ sql });
  return {
    database,
    refresher,
    reader: createRollupReader({ sql, slicer }),
    changes,
    registry,
    rollUp,
    async append(seeds, atMs = clock()) {
      const results = seeds.map(({ quotedAtMs, filter, symbol, strategy, value }) =>
        aResultDraft({
          quotedAtMs,
          symbol,
          strategy,
          filterId: `01900000-0000-7000-8000-00000000000${filter}`,
          metrics: { score: value ?? 1, impliedVolatility: value, returnOnRisk: value === null ? null : -value, expectedValue: value },
        }),
      );
      const scanRunId = uuidv7();
      const observations = seeds.map(({ quotedAtMs, symbol, value }) => ({
        id: uuidv7(),
        symbol,
        scanRunId,
        quotedAtMs,
        metrics: Object.fromEntries(UNDERLYING_METRICS.map(({ name }, index) => [name, index % 3 === 2 ? null : value])) as Record<
          UnderlyingMetricName,
          number | null
        >,
      }));
      const reports = seeds.map(({ quotedAtMs, symbol, value }, index) => ({
        id: uuidv7(),
        symbol,
        scanRunId,
        quotedAtMs,
        durationMs: Math.abs(value ?? 0),
        contracts: index,
        candidates: 3 * index,
        filters: {},
        strategies: {},
      }));
      await sql.begin(async (transaction) => {
        await streamLog.append(transaction, scanResultStream, results, atMs);
        await streamLog.append(transaction, underlyingObservationStream, observations, atMs);
        await streamLog.append(transaction, scanReportStream, reports, atMs);
      });
    },
    async close() {
      await refresher.stop();
      await database.close();
    },
  };
}
