import type { Logger } from 'pino';
import type { ScanRun } from '../../domain/results/scan-run.ts';
import type { ScanRunStore } from './scan-run-store.ts';

const RETRY_MS = 2_000;

/** Saves the state of runs behind the scanner's back: it never waits for the database, and what could not be saved is tried again. */
export interface ScanRunRecorder {
  record(run: ScanRun): void;
  /** Saves what is not saved yet, once. */
  stop(): Promise<void>;
}

export function createScanRunRecorder({ store, log }: { store: ScanRunStore; log: Logger }): ScanRunRecorder {
  const unsaved = new Map<string, ScanRun>();
  let saving: Promise<void> | null = null;
  let retry: NodeJS.Timeout | null = null;

  async function saveAll(): Promise<void> {
    for (;;) {
      const [run] = unsaved.values();
      if (!run) return;
      await store.save(run);
      // A newer state may have come in while this one was written.
      if (unsaved.get(run.id) === run) unsaved.delete(run.id);
    }
  }

  function start(): void {
    if (saving || retry) return;
    saving = saveAll()
      .catch((error: unknown) => {
        log.warn({ err: error, count: unsaved.size }, 'scan runs could not be saved, trying again');
        retry = setTimeout(() => {
          retry = null;
          start();
        }, RETRY_MS);
      })
      .finally(() => {
        saving = null;
        if (!retry && unsaved.size > 0) start();
      });
  }

  return {
    record(run) {
      unsaved.set(run.id, run);
      start();
    },
    async stop() {
      await saving;
      if (retry) clearTimeout(retry);
      retry = null;
      await saveAll().catch((error: unknown) =>
        log.error({ err: error, lost: unsaved.size }, 'scan runs could not be saved before the end'),
      );
    },
  };
}
