import type { Filter } from './filter.ts';

export const FILTER_CHANGE_KINDS = ['CREATED', 'UPDATED', 'DELETED'] as const;
export type FilterChangeKind = (typeof FILTER_CHANGE_KINDS)[number];

/** A change before it has a place in the stream of changes. */
export interface FilterChangeDraft {
  readonly kind: FilterChangeKind;
  /** The whole filter as the change left it; its revision is that of the change. */
  readonly filter: Filter;
}

/** A change that has been made. */
export interface FilterChange extends FilterChangeDraft {
  /** Gap-free, in commit order, from 1. */
  readonly sequence: number;
  /** Epoch milliseconds, UTC; ascends with the sequence. */
  readonly atMs: number;
}
