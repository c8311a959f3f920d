import type { ScanRun } from '../../domain/results/scan-run.ts';

/**
 * STOPPED: no cycles (requests are still served). STARTING: waiting for the feed's list of underlyings. RUNNING: cycles follow one another.
 * HOLDING: as RUNNING, but results cannot be stored now and the scanner waits with a full buffer or soon will. ENDED: the recording is at its end.
 */
export const SCANNER_STATES = ['STOPPED', 'STARTING', 'RUNNING', 'HOLDING', 'ENDED'] as const;
export type ScannerState = (typeof SCANNER_STATES)[number];

export interface FailingSymbol {
  readonly symbol: string;
  /** Failures since the last success. */
  readonly failures: number;
  readonly code: string;
  readonly message: string;
  readonly nextAttemptAtMs: number;
}

export interface ScannerStatus {
  readonly state: ScannerState;
  readonly feedKind: string;
  readonly feedDescription: string;
  readonly watchlist: readonly string[];
  /** Milliseconds. */
  readonly minimumIntervalMs: number;
  readonly concurrency: number;
  /** The cycle that is going on. */
  readonly cycle: ScanRun | null;
  readonly lastCycle: ScanRun | null;
  /** Requests that are waiting or going on. */
  readonly requests: readonly ScanRun[];
  /** Over the last ten seconds. */
  readonly contractsPerSecond: number;
  /** Since the process started. */
  readonly totals: { readonly contracts: number; readonly candidates: number; readonly results: number; readonly duplicates: number };
  readonly failing: readonly FailingSymbol[];
  /** Accepted and not yet stored. */
  readonly pendingResults: number;
}
