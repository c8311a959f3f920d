import type { FilterCriteria } from './filter-criteria.ts';
import type { FilterLimits } from './filter-limits.ts';
import type { FilterVisibility } from './filter-visibility.ts';

/** PRESET: ships with the product. CUSTOM: made by a user. Both can be changed. */
export const FILTER_KINDS = ['PRESET', 'CUSTOM'] as const;
export type FilterKind = (typeof FILTER_KINDS)[number];

export interface Filter {
  /** UUIDv7. */
  readonly id: string;
  /** The preset's key; null for a custom filter. */
  readonly presetKey: string | null;
  readonly kind: FilterKind;
  /** Subject of who made it; null for presets, and for what was made before filters had owners. */
  readonly ownerSubject: string | null;
  /** What has no owner is shared. */
  readonly visibility: FilterVisibility;
  readonly name: string;
  readonly description: string;
  readonly criteria: FilterCriteria;
  /** Left out: none of its own. */
  readonly limits?: FilterLimits | undefined;
  readonly enabled: boolean;
  /** Counts up with every change, from 1. */
  readonly revision: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Null while the filter is in use. */
  readonly deletedAtMs: number | null;
}
