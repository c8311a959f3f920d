import type { FilterCriteria } from './filter-criteria.ts';

/** PRESET: ships with the product. CUSTOM: made by a user. Both can be changed. */
export const FILTER_KINDS = ['PRESET', 'CUSTOM'] as const;
export type FilterKind = (typeof FILTER_KINDS)[number];

export interface Filter {
  /** UUIDv7. */
  readonly id: string;
  /** The preset's key; null for a custom filter. */
  readonly presetKey: string | null;
  readonly kind: FilterKind;
  readonly name: string;
  readonly description: string;
  readonly criteria: FilterCriteria;
  readonly enabled: boolean;
  /** Counts up with every change, from 1. */
  readonly revision: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Null while the filter is in use. */
  readonly deletedAtMs: number | null;
}
