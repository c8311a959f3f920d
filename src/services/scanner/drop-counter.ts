import type { ScanDrop, ScanStage } from '../../domain/results/scan-run.ts';

/** Counts what was left out, by stage and reason. */
export interface DropCounter {
  add(stage: ScanStage, reason: string, count: number): void;
  addAll(drops: readonly ScanDrop[]): void;
  list(): ScanDrop[];
}

export function createDropCounter(): DropCounter {
  const counts = new Map<string, { stage: ScanStage; reason: string; count: number }>();

  function add(stage: ScanStage, reason: string, count: number): void {
    if (count === 0) return;
    const key = `${stage} ${reason}`;
    const entry = counts.get(key);
    if (entry) entry.count += count;
    else counts.set(key, { stage, reason, count });
  }

  return {
    add,
    addAll: (drops) => {
      for (const { stage, reason, count } of drops) add(stage, reason, count);
    },
    list: () => [...counts.values()].map((entry) => ({ ...entry })),
  };
}
