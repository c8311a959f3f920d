import { createCellStore } from '../services/rollups/cell-store.ts';
import { createRollUpBatch } from '../services/rollups/roll-up-batch.ts';
import { createRollupChanges } from '../services/rollups/rollup-changes.ts';
import { createRollupMetrics } from '../services/rollups/rollup-metrics.ts';
import { createRollupReader } from '../services/rollups/rollup-reader.ts';
import { createRollupRefresher } from '../services/rollups/rollup-refresher.ts';
import { createRollupSeries } from '../services/rollups/rollup-series.ts';
import type { Scanning } from './start-scanning.ts';
import type { Storage } from './start-storage.ts';
import type { Wiring } from './wiring.ts';

export type Rollups = ReturnType<typeof startRollups>;

/** What keeps minutes, hours and days up with what is stored, and reads them. */
export function startRollups(
  { config, deps: { clock, now }, lifecycle, registry, component }: Wiring,
  { database: { sql }, ensureChunks, bus }: Storage,
  { slicer }: Pick<Scanning, 'slicer'>,
) {
  const changes = createRollupChanges({ bus });
  const refresher = createRollupRefresher({
    // Not on the connections for writing: storing comes first.
    sql,
    bus,
    rollUp: createRollUpBatch({
      sql,
      slicer,
      ensureChunks,
      series: createRollupSeries({ slicer }),
      cells: createCellStore({ slicer, clock }),
    }),
    changes,
    metrics: createRollupMetrics(registry),
    log: component('rollups'),
    clock,
    now,
    intervalMs: config.rollups.intervalMs,
  });
  refresher.start();
  lifecycle.onStop('rollups', refresher.stop);
  return { reader: createRollupReader({ sql, slicer }), changes, latenessMs: config.rollups.latenessSeconds * 1_000 };
}
