import { and, eq, lt, notExists, or, sql } from 'drizzle-orm';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { scanProcesses } from '../../db/tables/scan-processes.ts';
import { scanRuns } from '../../db/tables/scan-runs.ts';

/** Which processes scan into a database. Times are those of the database. */
export interface ScanProcessStore {
  /** Says that this process is alive now. */
  beat(): Promise<void>;
  /** Marks the unfinished runs of processes that have been silent for longer than this, or never spoke; resolves with their number. Forgets those processes. */
  markInterrupted(silentForMs: number, nowMs: number): Promise<number>;
  /** Takes this process off the list. */
  leave(): Promise<void>;
}

export interface ScanProcessStoreDeps {
  readonly orm: PostgresJsDatabase;
  /** UUID of this process. */
  readonly processId: string;
}

export function createScanProcessStore({ orm, processId }: ScanProcessStoreDeps): ScanProcessStore {
  return {
    async beat() {
      await orm
        .insert(scanProcesses)
        .values({ id: processId, heartbeatAt: sql`clock_timestamp()` })
        .onConflictDoUpdate({ target: scanProcesses.id, set: { heartbeatAt: sql`clock_timestamp()` } });
    },
    async markInterrupted(silentForMs, nowMs) {
      const lastHeard = sql`clock_timestamp() - make_interval(secs => ${silentForMs / 1_000}::float8)`;
      const heardOf = orm
        .select({ one: sql`1` })
        .from(scanProcesses)
        .where(and(eq(scanProcesses.id, scanRuns.processId), sql`${scanProcesses.heartbeatAt} >= ${lastHeard}`));
      const rows = await orm
        .update(scanRuns)
        .set({ state: 'INTERRUPTED', finishedAt: new Date(nowMs) })
        .where(and(or(eq(scanRuns.state, 'RUNNING'), eq(scanRuns.state, 'QUEUED')), notExists(heardOf)))
        .returning({ id: scanRuns.id });
      await orm.delete(scanProcesses).where(lt(scanProcesses.heartbeatAt, lastHeard));
      return rows.length;
    },
    async leave() {
      await orm.delete(scanProcesses).where(eq(scanProcesses.id, processId));
    },
  };
}
