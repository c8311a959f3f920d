import type { ScanRun, ScanRunKind, ScanRunState } from '../../domain/results/scan-run.ts';
import type { ChainScanOutcome } from './chain-scan-outcome.ts';
import { createDropCounter } from './drop-counter.ts';

/** The counts of one run while it goes on. */
export interface RunProgress {
  readonly id: string;
  readonly kind: ScanRunKind;
  readonly filterIds: readonly string[] | null;
  start(nowMs: number): void;
  symbolDone(outcome: ChainScanOutcome): void;
  symbolFailed(symbol: string, code: string, message: string): void;
  /** Not scanned in this run, e.g. because it backs off. */
  symbolSkipped(reason: string): void;
  finish(nowMs: number, cancelled: boolean): void;
  isStarted(): boolean;
  isFinished(): boolean;
  /** Every symbol is accounted for. */
  isComplete(): boolean;
  snapshot(): ScanRun;
}

export interface RunProgressInput {
  readonly id: string;
  readonly kind: ScanRunKind;
  readonly symbols: readonly string[];
  readonly filterIds: readonly string[] | null;
  readonly requestedAtMs: number;
}

/** More failures than these are counted, not listed: a run's row must not grow with a watchlist that is wholly down. */
const MOST_FAILURES_LISTED = 100;

export function createRunProgress(input: RunProgressInput): RunProgress {
  const drops = createDropCounter();
  const failures: { symbol: string; code: string; message: string }[] = [];
  const totals = { contracts: 0, candidates: 0, results: 0, duplicates: 0 };
  let state: ScanRunState = 'QUEUED';
  let startedAtMs: number | null = null;
  let finishedAtMs: number | null = null;
  let symbolsDone = 0;
  let failed = 0;

  return {
    id: input.id,
    kind: input.kind,
    filterIds: input.filterIds,
    start(nowMs) {
      startedAtMs = nowMs;
      state = 'RUNNING';
    },
    symbolDone(outcome) {
      symbolsDone++;
      totals.contracts += outcome.contracts;
      totals.candidates += outcome.candidates;
      totals.results += outcome.results;
      totals.duplicates += outcome.duplicates;
      drops.addAll(outcome.drops);
    },
    symbolFailed(symbol, code, message) {
      symbolsDone++;
      failed++;
      if (failures.length < MOST_FAILURES_LISTED) failures.push({ symbol, code, message });
      drops.add('scan', 'failed', 1);
    },
    symbolSkipped(reason) {
      symbolsDone++;
      drops.add('scan', reason, 1);
    },
    finish(nowMs, cancelled) {
      if (finishedAtMs !== null) return;
      finishedAtMs = nowMs;
      state = cancelled ? 'CANCELLED' : failed > 0 && failed === input.symbols.length ? 'FAILED' : 'COMPLETED';
    },
    isStarted: () => startedAtMs !== null,
    isFinished: () => finishedAtMs !== null,
    isComplete: () => symbolsDone >= input.symbols.length,
    snapshot: () => ({
      ...input,
      ...totals,
      state,
      startedAtMs,
      finishedAtMs,
      symbolsDone,
      drops: drops.list(),
      failures: [...failures],
    }),
  };
}
