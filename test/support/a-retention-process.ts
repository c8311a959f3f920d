import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { v7 as uuidv7 } from 'uuid';
import { detectBacking } from '../../src/db/time-series/detect-backing.ts';
import type { TimeSeriesBackingKind } from '../../src/db/time-series/time-series-backing.ts';
import { createRetention, type Retention } from '../../src/services/history/retention.ts';
import { createRetentionMetrics } from '../../src/services/history/retention-metrics.ts';
import { aRollupProcess, type RollupProcess } from './a-rollup-process.ts';

/** For how many days such a process keeps each tier. */
export const KEPT_DAYS = { RAW: 30, MINUTE: 60, HOUR: 400, DAY: 800 } as const;

/** What a process has that rolls up and removes what has expired, as src/app puts it together; it starts nothing by itself. */
export interface RetentionProcess {
  readonly rollups: RollupProcess;
  readonly retention: Retention;
  readonly backing: TimeSeriesBackingKind;
  close(): Promise<void>;
}

export interface RetentionProcessOptions {
  readonly databaseUrl: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly log: Logger;
  readonly applicationName?: string;
  readonly batchRows?: number;
}

export async function aRetentionProcess({ databaseUrl, log, ...options }: RetentionProcessOptions): Promise<RetentionProcess> {
  const rollups = aRollupProcess(databaseUrl, options);
  const { kind: backing } = await detectBacking(rollups.database.sql, log);
  const retention = createRetention({
    url: databaseUrl,
    backing,
    days: KEPT_DAYS,
    auditLog: { record: async (draft) => ({ ...draft, sequence: 1, atMs: options.clock() }) },
    metrics: createRetentionMetrics(new Registry()),
    log,
    clock: options.clock,
    newId: uuidv7,
  });
  return { rollups, retention, backing, close: rollups.close };
}
