/** CYCLE: one pass over the watchlist by the scanner itself. REQUEST: asked for by a caller, served first. */
export const SCAN_RUN_KINDS = ['CYCLE', 'REQUEST'] as const;
export type ScanRunKind = (typeof SCAN_RUN_KINDS)[number];

/** INTERRUPTED: the process ended before the run did. CANCELLED: the scanner was stopped. */
export const SCAN_RUN_STATES = ['QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'INTERRUPTED'] as const;
export type ScanRunState = (typeof SCAN_RUN_STATES)[number];

/** Where on its way something was left out. */
export const SCAN_STAGES = ['feed', 'pricing', 'strategies', 'selection', 'scan'] as const;
export type ScanStage = (typeof SCAN_STAGES)[number];

/** How many were left out at a stage, and why. */
export interface ScanDrop {
  readonly stage: ScanStage;
  /** From the closed union of the stage. */
  readonly reason: string;
  readonly count: number;
}

/** A symbol that could not be scanned. */
export interface ScanFailure {
  readonly symbol: string;
  readonly code: string;
  readonly message: string;
}

export interface ScanRun {
  /** UUIDv7. */
  readonly id: string;
  readonly kind: ScanRunKind;
  readonly state: ScanRunState;
  readonly symbols: readonly string[];
  /** Null: every enabled filter. */
  readonly filterIds: readonly string[] | null;
  readonly requestedAtMs: number;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
  readonly symbolsDone: number;
  readonly contracts: number;
  readonly candidates: number;
  readonly results: number;
  readonly duplicates: number;
  readonly drops: readonly ScanDrop[];
  readonly failures: readonly ScanFailure[];
}
