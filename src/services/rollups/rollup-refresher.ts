import type { Logger } from 'pino';
import type { Sql } from '../../db/client.ts';
import type { RollupSource } from '../../domain/rollups/rollup-metric.ts';
import type { Bus } from '../bus/bus.ts';
import { createWakeSignal } from '../cluster/wake-signal.ts';
import type { BatchOutcome } from './roll-up-batch.ts';
import { beginRollups, readRollupBacklog } from './rollup-backlog.ts';
import type { RollupChanges } from './rollup-changes.ts';
import type { RollupMetrics } from './rollup-metrics.ts';
import { ROLLUP_STREAMS } from './rollup-streams.ts';

/** Takes about a second, and holds a few hundred cells for each market minute in memory. */
const BATCH_ROWS = 10_000;
/** What a batch shrinks to while batches fail: where it is time that runs out, less work succeeds. */
const SMALLEST_BATCH_ROWS = 250;

export interface RollupRefresherDeps {
  readonly sql: Sql;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly rollUp: (source: RollupSource, limit: number) => Promise<BatchOutcome>;
  readonly changes: RollupChanges;
  readonly metrics: RollupMetrics;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** How often at most. */
  readonly intervalMs: number;
}

/** Keeps the rollups up with the streams. Every process may have one: each batch is rolled up by one of them. */
export interface RollupRefresher {
  start(): void;
  /** Rolls up everything that is committed now, unless another process is at it. @returns the rows that this process did @throws when the database cannot */
  refresh(): Promise<number>;
  /** Waits for the batch in hand. */
  stop(): Promise<void>;
}

export function createRollupRefresher(deps: RollupRefresherDeps): RollupRefresher {
  const { sql, bus, rollUp, changes, metrics, log, clock, now, intervalMs } = deps;
  const wake = createWakeSignal();
  const stopping = createWakeSignal();
  let stopped = false;
  let batchRows = BATCH_ROWS;
  let isFailing = false;
  let hasBegun = false;
  let running: Promise<void> | null = null;
  let ends: (() => void)[] = [];

  async function batch(source: RollupSource): Promise<BatchOutcome> {
    const startedMs = now();
    try {
      const outcome = await rollUp(source, batchRows);
      if (outcome && outcome.rows > 0) metrics.rolledUp(source, outcome.rows, now() - startedMs);
      if (outcome?.change) changes.publish(outcome.change);
      batchRows = Math.min(BATCH_ROWS, 2 * batchRows);
      return outcome;
    } catch (error) {
      metrics.failed(source);
      batchRows = Math.max(SMALLEST_BATCH_ROWS, Math.floor(batchRows / 2));
      throw error;
    }
  }

  async function refresh(): Promise<number> {
    if (!hasBegun) await beginRollups(sql);
    hasBegun = true;
    let done = 0;
    const backlog = await readRollupBacklog(sql);
    for (const { source, rows, oldestAtMs } of backlog) {
      metrics.behind(source, rows, oldestAtMs === null ? 0 : Math.max(0, clock() - oldestAtMs));
      let left = rows;
      while (left > 0 && !stopped) {
        const outcome = await batch(source);
        if (!outcome || outcome.rows === 0) break;
        done += outcome.rows;
        left -= outcome.rows;
        metrics.behind(source, Math.max(0, left), left > 0 && oldestAtMs !== null ? Math.max(0, clock() - oldestAtMs) : 0);
      }
    }
    return done;
  }

  async function run(): Promise<void> {
    while (!stopped) {
      const startedMs = now();
      try {
        await refresh();
        if (isFailing) log.info('rollups are being refreshed again');
        isFailing = false;
      } catch (error) {
        if (!isFailing) log.error({ err: error }, 'rollups cannot be refreshed, trying again; queries read what is missing from the rows');
        isFailing = true;
      }
      if (!stopped) await stopping.wait(Math.max(1, intervalMs - (now() - startedMs)));
      if (!stopped) await wake.wait(intervalMs);
    }
  }

  return {
    start() {
      if (running) return;
      ends = Object.values(ROLLUP_STREAMS).map(({ stream }) => bus.subscribe(stream, wake.set));
      running = run();
    },
    refresh,
    async stop() {
      stopped = true;
      for (const end of ends) end();
      stopping.set();
      wake.set();
      await running;
    },
  };
}
