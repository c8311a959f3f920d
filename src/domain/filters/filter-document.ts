import { toDocumentCriteria } from './document-criteria.ts';
import type { Filter } from './filter.ts';
import type { FilterLimits } from './filter-limits.ts';
import type { FilterVisibility } from './filter-visibility.ts';

export const FILTER_DOCUMENT_FORMAT = 'strikewire/filters';
/** Counts up when older readers would misunderstand what is written. */
export const FILTER_DOCUMENT_VERSION = 1;
/** More are no longer one person's work. */
export const MOST_DOCUMENT_FILTERS = 500;

/** Filters outside of a server. */
export interface FilterDocument {
  readonly format: typeof FILTER_DOCUMENT_FORMAT;
  readonly version: typeof FILTER_DOCUMENT_VERSION;
  readonly filters: readonly DocumentFilter[];
}

export interface DocumentFilter {
  readonly name: string;
  readonly description: string;
  /** As inputs of the API have them. */
  readonly criteria: Readonly<Record<string, unknown>>;
  readonly limits?: FilterLimits;
  readonly enabled: boolean;
  readonly visibility: FilterVisibility;
}

export function toFilterDocument(filters: readonly Filter[]): FilterDocument {
  return {
    format: FILTER_DOCUMENT_FORMAT,
    version: FILTER_DOCUMENT_VERSION,
    filters: filters.map(({ name, description, criteria, limits, enabled, visibility }) => ({
      name,
      description,
      criteria: toDocumentCriteria(criteria),
      ...(limits && { limits }),
      enabled,
      visibility,
    })),
  };
}
