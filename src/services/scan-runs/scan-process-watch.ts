import type { Logger } from 'pino';
import type { ScanProcessStore } from './scan-process-store.ts';

export const HEARTBEAT_INTERVAL_MS = 10_000;
/** Three heartbeats that did not come: the process is gone, or cannot reach the database. */
export const SILENT_PROCESS_MS = 30_000;

/**
 * Says that this process is alive, and marks as interrupted the runs of processes that have not said so for too long. A process that comes back after that (it was
 * paused, or cut off) puts its runs right when it saves them next.
 */
export interface ScanProcessWatch {
  /** Rejects when the database cannot be reached. */
  start(): Promise<void>;
  /** Takes this process off the list. To be called when its runs have been saved. */
  stop(): Promise<void>;
}

export interface ScanProcessWatchDeps {
  readonly store: ScanProcessStore;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Nobody else can be using the database: whatever ran before this start is gone. */
  readonly isAlone: boolean;
  readonly intervalMs?: number;
}

export function createScanProcessWatch({
  store,
  log,
  clock,
  isAlone,
  intervalMs = HEARTBEAT_INTERVAL_MS,
}: ScanProcessWatchDeps): ScanProcessWatch {
  let timer: NodeJS.Timeout | null = null;
  let beating: Promise<void> = Promise.resolve();
  let isStopped = false;
  /** The last heartbeat came through. Only then are others judged: after an outage of the database they, too, need a moment to say that they are alive. */
  let wasHeard = false;

  async function markInterrupted(silentForMs: number): Promise<void> {
    const count = await store.markInterrupted(silentForMs, clock());
    if (count > 0) log.warn({ count }, 'scan runs of processes that are gone were marked as interrupted');
  }

  async function beat(): Promise<void> {
    try {
      await store.beat();
      if (wasHeard) await markInterrupted(SILENT_PROCESS_MS);
      wasHeard = true;
    } catch (error) {
      if (wasHeard) log.warn({ err: error }, 'the heartbeat of this process did not reach the database, trying again');
      wasHeard = false;
    }
    if (!isStopped) schedule();
  }

  function schedule(): void {
    timer = setTimeout(() => {
      beating = beat();
    }, intervalMs);
  }

  return {
    async start() {
      if (isAlone) await markInterrupted(0);
      await store.beat();
      wasHeard = true;
      schedule();
    },
    async stop() {
      isStopped = true;
      if (timer) clearTimeout(timer);
      await beating;
      await store.leave().catch((error: unknown) => log.warn({ err: error }, 'this process could not be taken off the list'));
    },
  };
}
