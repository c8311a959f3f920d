import type { Logger } from 'pino';
import type { Viewer } from '../../domain/access/viewer.ts';
import { type CompiledFilter, compileFilter } from '../../domain/filters/compile-filter.ts';
import type { Filter } from '../../domain/filters/filter.ts';
import { parseFilterCriteria } from '../../domain/filters/parse-filter-criteria.ts';
import { createPrivateFilters } from './private-filters.ts';

/** A filter in use: its rules and its compiled predicate. */
export interface ActiveFilter {
  readonly filter: Filter;
  readonly compiled: CompiledFilter;
}

/** The enabled filters of this process, compiled. What `active` returns is never changed in place: whoever holds it sees one consistent set. */
export interface FilterRegistry {
  active(): readonly ActiveFilter[];
  /** Takes over a newer revision; an older one than is known is ignored. In force for the next caller of `active`. */
  put(filter: Filter): void;
  /** The newest revision that is known here; 0 when the filter is not. */
  knownRevision(filterId: string): number;
  /** Whether it is there for its owner and administrators only. What nothing is known of is not. */
  isPrivate(filterId: string): boolean;
  /** Whether it is private, of somebody else, and the viewer no administrator. */
  isHidden(filterId: string, viewer: Viewer): boolean;
  /** What is hidden from the viewer, ascending; nothing as long as nothing is private. The same list for all from whom the same is hidden, until something is changed. */
  hiddenFilterIds(viewer: Viewer): readonly string[];
}

export function createFilterRegistry({ log }: { log: Logger }): FilterRegistry {
  const latest = new Map<string, { revision: number; active: ActiveFilter | null }>();
  const privateFilters = createPrivateFilters();
  let active: readonly ActiveFilter[] = [];

  function compile(filter: Filter): ActiveFilter | null {
    if (!filter.enabled || filter.deletedAtMs !== null) return null;
    const parsed = parseFilterCriteria(filter.criteria);
    if (parsed.kind === 'invalid') {
      log.error({ filterId: filter.id, issues: parsed.issues }, 'a stored filter is not valid here, it is left out');
      return null;
    }
    return { filter, compiled: compileFilter(parsed.criteria) };
  }

  const knownRevision = (filterId: string) => latest.get(filterId)?.revision ?? 0;

  return {
    active: () => active,
    put(filter) {
      if (knownRevision(filter.id) >= filter.revision) return;
      latest.set(filter.id, { revision: filter.revision, active: compile(filter) });
      active = [...latest.values()].flatMap((entry) => entry.active ?? []);
      privateFilters.put(filter);
    },
    knownRevision,
    isPrivate: privateFilters.has,
    isHidden: privateFilters.isHidden,
    hiddenFilterIds: privateFilters.hiddenFrom,
  };
}
