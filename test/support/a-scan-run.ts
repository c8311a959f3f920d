import { v7 as uuidv7 } from 'uuid';
import type { ScanRun } from '../../src/domain/results/scan-run.ts';

/** A request that waits to be served. */
export function aScanRun(overrides: Partial<ScanRun> = {}): ScanRun {
  return {
    id: uuidv7(),
    kind: 'REQUEST',
    state: 'QUEUED',
    symbols: ['AAA'],
    filterIds: null,
    requestedAtMs: Date.now(),
    startedAtMs: null,
    finishedAtMs: null,
    symbolsDone: 0,
    contracts: 0,
    candidates: 0,
    results: 0,
    duplicates: 0,
    drops: [],
    failures: [],
    ...overrides,
  };
}
