import { isPermitted } from '../../domain/access/permission.ts';
import type { Viewer } from '../../domain/access/viewer.ts';
import type { Filter } from '../../domain/filters/filter.ts';

/** Which filters are private, and whose. One that is deleted stays private: what it found is still there. */
export interface PrivateFilters {
  put(filter: Pick<Filter, 'id' | 'visibility' | 'ownerSubject'>): void;
  has(filterId: string): boolean;
  /** Whether it is private, of somebody else, and the viewer no administrator. */
  isHidden(filterId: string, viewer: Viewer): boolean;
  /** What is hidden from the viewer, ascending. The same list for all from whom the same is hidden, until something is changed: whoever owns no private filter. */
  hiddenFrom(viewer: Viewer): readonly string[];
}

const NOTHING: readonly string[] = [];

export function createPrivateFilters(): PrivateFilters {
  const owners = new Map<string, string | null>();
  /** By owner of private filters; null: those who own none. Made when they are first asked for. */
  const lists = new Map<string | null, readonly string[]>();
  let subjects: ReadonlySet<string | null> = new Set();

  return {
    put({ id, visibility, ownerSubject }) {
      if (visibility === 'PRIVATE') owners.set(id, ownerSubject);
      else if (!owners.delete(id)) return;
      subjects = new Set(owners.values());
      lists.clear();
    },
    has: (filterId) => owners.has(filterId),
    isHidden: (filterId, { subject, roles }) =>
      owners.has(filterId) && owners.get(filterId) !== subject && !isPermitted(roles, 'MANAGE_ACCESS'),
    hiddenFrom({ subject, roles }) {
      if (owners.size === 0 || isPermitted(roles, 'MANAGE_ACCESS')) return NOTHING;
      const key = subjects.has(subject) ? subject : null;
      const known = lists.get(key);
      if (known) return known;
      const list = [...owners].flatMap(([id, owner]) => (owner === subject ? [] : id)).sort();
      lists.set(key, list);
      return list;
    },
  };
}
