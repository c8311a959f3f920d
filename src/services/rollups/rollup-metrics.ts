import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { ROLLUP_SOURCES, type RollupSource } from '../../domain/rollups/rollup-metric.ts';

export interface RollupMetrics {
  /** A batch of this process. */
  rolledUp(source: RollupSource, rows: number, durationMs: number): void;
  /** What is committed and not rolled up, by whichever process. @param ageMs of the oldest such row; 0 without any */
  behind(source: RollupSource, rows: number, ageMs: number): void;
  failed(source: RollupSource): void;
}

export function createRollupMetrics(registry: Registry): RollupMetrics {
  const shared = { labelNames: ['source'] as const, registers: [registry] };
  const rows = new Counter({ ...shared, name: 'strikewire_rollup_rows_total', help: 'Rows that this process has rolled up.' });
  const failures = new Counter({
    ...shared,
    name: 'strikewire_rollup_failures_total',
    help: 'Batches of rows that could not be rolled up; they are tried again.',
  });
  const duration = new Histogram({
    ...shared,
    name: 'strikewire_rollup_batch_duration_seconds',
    help: 'Rolling up one batch of rows.',
    buckets: [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
  });
  const lagRows = new Gauge({ ...shared, name: 'strikewire_rollup_lag_rows', help: 'Rows stored and not rolled up, as looked up last.' });
  const lagSeconds = new Gauge({
    ...shared,
    name: 'strikewire_rollup_lag_seconds',
    help: 'Age of the oldest row that is stored and not rolled up, as looked up last; 0 without any.',
  });
  for (const source of ROLLUP_SOURCES) {
    rows.inc({ source }, 0);
    failures.inc({ source }, 0);
    duration.zero({ source });
    lagRows.set({ source }, 0);
    lagSeconds.set({ source }, 0);
  }
  return {
    rolledUp(source, count, durationMs) {
      rows.inc({ source }, count);
      duration.observe({ source }, durationMs / 1_000);
    },
    behind(source, count, ageMs) {
      lagRows.set({ source }, count);
      lagSeconds.set({ source }, ageMs / 1_000);
    },
    failed: (source) => failures.inc({ source }),
  };
}
