import type { FilterCriteria } from '../../domain/filters/filter-criteria.ts';

/** Which stored results are meant; everything stated must hold. */
export interface ScanResultQuery {
  readonly criteria?: FilterCriteria | undefined;
  readonly filterIds?: readonly string[] | undefined;
  readonly scanRunIds?: readonly string[] | undefined;
  /** Of none of these filters: private ones of others than who asks. Left out when there are none. */
  readonly hiddenFilterIds?: readonly string[] | undefined;
  /** Inclusive, epoch milliseconds. */
  readonly detectedFromMs?: number | undefined;
  /** Exclusive, epoch milliseconds. */
  readonly detectedBeforeMs?: number | undefined;
}

/** What pages can be ordered by; each has an index. Metrics other than the time leave out the results that lack them. */
export const SCAN_RESULT_ORDER_FIELDS = ['DETECTED_AT', 'SCORE', 'RETURN_ON_RISK'] as const;
export type ScanResultOrderField = (typeof SCAN_RESULT_ORDER_FIELDS)[number];

export interface ScanResultOrder {
  readonly field: ScanResultOrderField;
  readonly direction: 'ASC' | 'DESC';
}

export const NEWEST_FIRST: ScanResultOrder = { field: 'DETECTED_AT', direction: 'DESC' };
