import { pino } from 'pino';
import { afterEach, expect, it, vi } from 'vitest';
import type { ScanProcessStore } from '../../../../src/services/scan-runs/scan-process-store.ts';
import { createScanProcessWatch, type ScanProcessWatch, SILENT_PROCESS_MS } from '../../../../src/services/scan-runs/scan-process-watch.ts';

let watch: ScanProcessWatch;

afterEach(() => watch.stop());

/** A store that notes what is done, and whose heartbeats fail as told. */
function aStore({ beats = [] as boolean[] } = {}) {
  const done: string[] = [];
  const store: ScanProcessStore = {
    async beat() {
      const isHeard = beats.shift() ?? true;
      done.push(isHeard ? 'beat' : 'unheard');
      if (!isHeard) throw new Error('no database');
    },
    async markInterrupted(silentForMs) {
      done.push(`mark ${silentForMs}`);
      return 0;
    },
    async leave() {
      done.push('leave');
    },
  };
  return { store, done };
}

function aWatch(store: ScanProcessStore, isAlone = false): ScanProcessWatch {
  watch = createScanProcessWatch({ store, log: pino({ level: 'silent' }), clock: () => 0, isAlone, intervalMs: 1 });
  return watch;
}

const mark = `mark ${SILENT_PROCESS_MS}`;

it('judges others at every heartbeat but the first', async () => {
  const { store, done } = aStore();
  await aWatch(store).start();
  expect(done).toEqual(['beat']);
  await vi.waitFor(() => expect(done.slice(0, 5)).toEqual(['beat', 'beat', mark, 'beat', mark]));
});

it('gives others time to be heard again after the database was away', async () => {
  const { store, done } = aStore({ beats: [true, false, false, true] });
  await aWatch(store).start();
  await vi.waitFor(() => expect(done.slice(0, 6)).toEqual(['beat', 'unheard', 'unheard', 'beat', 'beat', mark]));
});

it('takes whatever ran before for gone when it is alone, before it is heard itself', async () => {
  const { store, done } = aStore();
  await aWatch(store, true).start();
  expect(done.slice(0, 2)).toEqual(['mark 0', 'beat']);
});

it('takes itself off the list at the end and is silent from there on', async () => {
  const { store, done } = aStore();
  await aWatch(store).start();
  await watch.stop();
  expect(done.at(-1)).toBe('leave');
});
