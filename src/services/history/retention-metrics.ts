import { Counter, Gauge, type Registry } from 'prom-client';
import { RETENTION_TIERS } from '../../domain/history/retention-days.ts';
import type { RetentionReport } from '../../domain/history/retention-report.ts';

export interface RetentionMetrics {
  ran(report: RetentionReport): void;
  failed(): void;
}

const OUTCOMES = ['done', 'failed'] as const;

export function createRetentionMetrics(registry: Registry): RetentionMetrics {
  const registers = [registry];
  const runs = new Counter({
    name: 'strikewire_retention_runs_total',
    help: 'Runs of the retention by this process, dry runs not counted.',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of OUTCOMES) runs.inc({ outcome }, 0);
  const rows = new Counter({
    name: 'strikewire_retention_removed_rows_total',
    help: 'Rows this process has removed because they had expired; of chunks estimated.',
    labelNames: ['tier'],
    registers,
  });
  const held = new Gauge({
    name: 'strikewire_retention_held_chunks',
    help: 'Chunks that had expired and could not be removed by the last run of this process, because they were not rolled up or in use.',
    labelNames: ['tier'],
    registers,
  });
  for (const tier of RETENTION_TIERS) {
    rows.inc({ tier }, 0);
    held.set({ tier }, 0);
  }
  return {
    ran({ tables }) {
      runs.inc({ outcome: 'done' });
      for (const { tier, removedRows } of tables) rows.inc({ tier }, removedRows);
      for (const tier of RETENTION_TIERS) {
        const chunks = tables.filter((table) => table.tier === tier).flatMap((table) => table.chunks);
        held.set({ tier }, chunks.filter(({ outcome }) => outcome === 'NOT_ROLLED_UP' || outcome === 'IN_USE').length);
      }
    },
    failed: () => runs.inc({ outcome: 'failed' }),
  };
}
