import type { StrategyId } from '../strategies/strategy-id.ts';

/** What the scan of one chain selected under one head. */
export interface ScanTally {
  /** Candidates among the best of a filter, changed since the last scan or not. */
  readonly selected: number;
  /** Of these, results that were new and are stored. */
  readonly results: number;
  /** 0 to 100; null when nothing was selected. */
  readonly bestScore: number | null;
}

/** How the scan of one chain went, before the stream log gave it a number. */
export interface ScanReportDraft {
  /** UUIDv7. */
  readonly id: string;
  readonly symbol: string;
  readonly scanRunId: string;
  /** When the quotes were true, by the source's clock: epoch milliseconds, UTC. */
  readonly quotedAtMs: number;
  /** From the request to the source to the end, milliseconds. */
  readonly durationMs: number;
  readonly contracts: number;
  readonly candidates: number;
  /** By id: every filter that was applied to the whole chain. */
  readonly filters: Readonly<Record<string, ScanTally>>;
  /** The strategies of which something was selected; a position that several filters selected counts for each. */
  readonly strategies: Readonly<Partial<Record<StrategyId, ScanTally>>>;
}

/** The report of a scan; immutable. */
export interface ScanReport extends ScanReportDraft {
  /** Gap-free number in the stream of reports, in commit order. */
  readonly sequence: number;
  /** Epoch milliseconds, UTC; never goes back along the sequence. */
  readonly reportedAtMs: number;
}
