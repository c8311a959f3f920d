import { createLease } from '../services/cluster/lease.ts';
import { createDailyRetention } from '../services/history/daily-retention.ts';
import { createRetention } from '../services/history/retention.ts';
import { createRetentionMetrics } from '../services/history/retention-metrics.ts';
import { createStorageSurvey } from '../services/history/storage-survey.ts';
import type { Access } from './start-access.ts';
import type { Storage } from './start-storage.ts';
import type { Wiring } from './wiring.ts';

/** A day later is early enough for what a process that died has left. */
const LEASE_MS = 60_000;

export type StartedRetention = ReturnType<typeof startRetention>;

/** Removes what has been kept long enough: once a day, one process for all, and when somebody asks. */
export function startRetention(
  { config, deps: { clock, newId }, lifecycle, registry, component }: Wiring,
  { databaseUrl, backing, database: { sql, writeSql } }: Storage,
  { auditLog }: Access,
) {
  const log = component('retention');
  const { rawDays, minuteRollupsDays, hourRollupsDays, dayRollupsDays } = config.retention;
  const days = { RAW: rawDays, MINUTE: minuteRollupsDays, HOUR: hourRollupsDays, DAY: dayRollupsDays };
  const retention = createRetention({
    url: databaseUrl,
    backing: backing.kind,
    days,
    auditLog,
    metrics: createRetentionMetrics(registry),
    log,
    clock,
    newId,
  });
  const lease = createLease({
    name: 'retention',
    owner: newId(),
    sql: writeSql,
    log,
    ttlMs: LEASE_MS,
    work: createDailyRetention({ retention, log }),
  });
  lease.start();
  lifecycle.onStop('retention', lease.stop);
  return { retention, storageSurvey: createStorageSurvey({ sql, backing, days }) };
}
