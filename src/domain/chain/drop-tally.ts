import type { RecordDrop, RecordDropReason } from './chain-snapshot.ts';

/** Counts what is left out of a chain, by reason, and keeps where the first of each stood. */
export interface DropTally {
  /** @param detail what was expected and found; asked for on the first of its reason only when it is a function */
  count(reason: RecordDropReason, position: number, detail: string | (() => string)): RecordDropReason;
  list(): RecordDrop[];
}

export function createDropTally(source: string, positionUnit: string): DropTally {
  const drops = new Map<RecordDropReason, { reason: RecordDropReason; count: number; firstAt: string }>();
  return {
    count(reason, position, detail) {
      const known = drops.get(reason);
      if (known) known.count += 1;
      else {
        const found = typeof detail === 'string' ? detail : detail();
        drops.set(reason, { reason, count: 1, firstAt: `${source}, ${positionUnit} ${position}, ${found}` });
      }
      return reason;
    },
    list: () => [...drops.values()],
  };
}
