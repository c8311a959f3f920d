import type { Logger } from 'pino';
import { pause } from '../../db/pause.ts';
import { ConflictError } from '../../domain/errors/conflict-error.ts';
import type { Retention } from './retention.ts';

const MS_PER_DAY = 86_400_000;
/** A server that starts has more urgent work. */
const FIRST_RUN_AFTER_MS = 60_000;
/** For what was in use, and when it could not be done. */
const AGAIN_AFTER_MS = 600_000;

/**
 * Runs the retention once a day until the signal fires; to be the work of a lease, so that one process of the cluster does it. One that takes over begins anew, which
 * costs nothing: what has gone is not there to be removed.
 */
export function createDailyRetention({ retention, log }: { retention: Retention; log: Logger }): (signal: AbortSignal) => Promise<void> {
  return async (signal) => {
    for (let waitMs = FIRST_RUN_AFTER_MS; ; ) {
      await pause(waitMs, signal);
      try {
        const { durationMs, tables } = await retention.run({ isDryRun: false, acting: null, signal });
        const removedRows = tables.reduce((sum, table) => sum + table.removedRows, 0);
        const removedBytes = tables.reduce((sum, table) => sum + table.removedBytes, 0);
        log.info({ durationMs, removedRows, removedBytes }, 'the daily retention has run');
        const isLeft = tables.some(({ chunks }) => chunks.some(({ outcome }) => outcome === 'IN_USE'));
        waitMs = isLeft ? AGAIN_AFTER_MS : MS_PER_DAY;
      } catch (error) {
        signal.throwIfAborted();
        // Also when another is under way: it may be one that only looks, or what is left of one that was killed.
        waitMs = AGAIN_AFTER_MS;
        if (!(error instanceof ConflictError)) log.error({ err: error }, 'the daily retention failed, it is tried again');
      }
    }
  };
}
