import type { Filter } from './filter.ts';

export const FILTER_CHANGE_KINDS = ['CREATED', 'UPDATED', 'DELETED', 'RESTORED'] as const;
export type FilterChangeKind = (typeof FILTER_CHANGE_KINDS)[number];

/** A change before it has a place in the stream of changes. */
export interface FilterChangeDraft {
  readonly kind: FilterChangeKind;
  /** The whole filter as the change left it; its revision is that of the change. */
  readonly filter: Filter;
  /** Subject of who made it; null: the product itself, or nobody took note of it yet. */
  readonly actor: string | null;
  /** In the words of who made it; null when none was given. */
  readonly reason: string | null;
}

/** A change that has been made. */
export interface FilterChange extends FilterChangeDraft {
  /** Gap-free, in commit order, from 1. */
  readonly sequence: number;
  /** Epoch milliseconds, UTC; ascends with the sequence. */
  readonly atMs: number;
}
