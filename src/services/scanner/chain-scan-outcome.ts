import type { ScanDrop } from '../../domain/results/scan-run.ts';

/** What one pass over one chain came to. */
export interface ChainScanOutcome {
  readonly contracts: number;
  readonly candidates: number;
  /** New or changed, taken over for storage. */
  readonly results: number;
  /** Unchanged since the last result of the same filter and legs. */
  readonly duplicates: number;
  readonly drops: readonly ScanDrop[];
}
