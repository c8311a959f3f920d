import type { Logger } from 'pino';
import { type CompiledFilter, compileFilter } from '../../domain/filters/compile-filter.ts';
import type { Filter } from '../../domain/filters/filter.ts';
import { parseFilterCriteria } from '../../domain/filters/parse-filter-criteria.ts';

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
}

export function createFilterRegistry({ log }: { log: Logger }): FilterRegistry {
  const latest = new Map<string, { filter: Filter; active: ActiveFilter | null }>();
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

  return {
    active: () => active,
    put(filter) {
      const known = latest.get(filter.id);
      if (known && known.filter.revision >= filter.revision) return;
      latest.set(filter.id, { filter, active: compile(filter) });
      active = [...latest.values()].flatMap((entry) => entry.active ?? []);
    },
  };
}
