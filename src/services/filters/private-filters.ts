import { isPermitted } from '../../domain/access/permission.ts';
import type { Viewer } from '../../domain/access/viewer.ts';
import type { Filter } from '../../domain/filters/filter.ts';

/** Lists kept for subjects that asked; one is made again in microseconds. */
const MOST_KEPT_LISTS = 1_000;

/** Which filters are private, and whose. One that is deleted stays private: what it found is still there. */
export interface PrivateFilters {
  put(filter: Pick<Filter, 'id' | 'visibility' | 'ownerSubject'>): void;
  has(filterId: string): boolean;
  /** Whether it is private, of somebody else, and the viewer no administrator. */
  isHidden(filterId: string, viewer: Viewer): boolean;
  /** What is hidden from the viewer, ascending. */
  hiddenFrom(viewer: Viewer): readonly string[];
}

const NOTHING: readonly string[] = [];

export function createPrivateFilters(): PrivateFilters {
  const owners = new Map<string, string | null>();
  const lists = new Map<string, readonly string[]>();

  return {
    put({ id, visibility, ownerSubject }) {
      if (visibility === 'PRIVATE') owners.set(id, ownerSubject);
      else if (!owners.delete(id)) return;
      lists.clear();
    },
    has: (filterId) => owners.has(filterId),
    isHidden: (filterId, { subject, roles }) =>
      owners.has(filterId) && owners.get(filterId) !== subject && !isPermitted(roles, 'MANAGE_ACCESS'),
    hiddenFrom({ subject, roles }) {
      if (owners.size === 0 || isPermitted(roles, 'MANAGE_ACCESS')) return NOTHING;
      const known = lists.get(subject);
      if (known) return known;
      const list = [...owners].flatMap(([id, owner]) => (owner === subject ? [] : id)).sort();
      if (lists.size >= MOST_KEPT_LISTS) lists.clear();
      lists.set(subject, list);
      return list;
    },
  };
}
