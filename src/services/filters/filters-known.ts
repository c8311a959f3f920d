import type { RowPrecondition } from '../stream-log/stream-follower.ts';
import type { FilterRegistry } from './filter-registry.ts';
import type { FilterStore } from './filter-store.ts';

export interface FiltersKnownDeps {
  readonly registry: Pick<FilterRegistry, 'knownRevision' | 'put'>;
  readonly store: Pick<FilterStore, 'byIds'>;
}

/** What a row says of the filter it is of. */
export interface OfFilter {
  readonly filterId: string;
  readonly filterRevision: number;
}

/**
 * Rows are told when this process knows the revision of the filter that found them: what another process found with a filter that was just made private must not be
 * shown to everybody because the change of the filter comes later than the rows.
 */
export function filtersKnown<Row>({ registry, store }: FiltersKnownDeps, of: (row: Row) => OfFilter): RowPrecondition<Row> {
  /** Of filters that the database does not have, which are nobody's. */
  const lookedUp = new Map<string, number>();

  function isKnown(row: Row): boolean {
    const { filterId, filterRevision } = of(row);
    return registry.knownRevision(filterId) >= filterRevision || (lookedUp.get(filterId) ?? 0) >= filterRevision;
  }

  return {
    isMet: (rows) => rows.every(isKnown),
    async meet(rows) {
      const unknown = rows.filter((row) => !isKnown(row)).map(of);
      if (unknown.length === 0) return;
      for (const filter of await store.byIds([...new Set(unknown.map(({ filterId }) => filterId))])) registry.put(filter);
      for (const { filterId, filterRevision } of unknown) {
        if (registry.knownRevision(filterId) < filterRevision)
          lookedUp.set(filterId, Math.max(filterRevision, lookedUp.get(filterId) ?? 0));
      }
    },
  };
}
