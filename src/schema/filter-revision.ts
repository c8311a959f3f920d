import { diffValues } from '../domain/filters/diff-values.ts';
import type { Filter } from '../domain/filters/filter.ts';
import type { FilterRevision } from '../services/filters/filter-change-store.ts';
import { decodeKeyCursor, encodeKeyCursor } from '../services/paging/key-cursor.ts';
import { parsePageRequest } from '../services/paging/page-request.ts';
import { apiPath } from './api-issues.ts';
import { builder } from './builder.ts';
import { toConnection } from './connection.ts';
import { FilterVisibilityEnum } from './enums.ts';
import { FilterRef } from './filter.ts';
import { FilterChangeKindEnum } from './filter-change.ts';
import { FilterCriteriaRef } from './filter-criteria.ts';
import { FilterLimitsRef } from './filter-limits.ts';
import { ValueChangeRef } from './value-change.ts';

const FilterRevisionRef = builder.objectRef<FilterRevision>('FilterRevision').implement({
  description: 'One revision of a filter, and what made it. Immutable.',
  fields: (t) => ({
    revision: t.int({ description: 'Its number, from 1; results name it.', resolve: ({ filter }) => filter.revision }),
    kind: t.expose('kind', { type: FilterChangeKindEnum, description: 'What happened.' }),
    at: t.field({ type: 'DateTime', description: 'When, UTC.', resolve: ({ atMs }) => new Date(atMs) }),
    actor: t.exposeString('actor', {
      nullable: true,
      description: 'Subject of who did it; null when it was the product itself, or before anybody took note of it.',
    }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why, in the words of who did it.' }),
    changes: t.field({
      type: [ValueChangeRef],
      description: 'What differs from the revision before, e.g. `criteria.delta.min`; empty for the first.',
      resolve: ({ filter, previous }) =>
        previous === null
          ? []
          : diffValues(contentOf(previous), contentOf(filter)).map((change) => ({ ...change, path: apiPath(change.path) })),
    }),
    name: t.string({ description: 'Its name then.', resolve: ({ filter }) => filter.name }),
    description: t.string({ description: 'What it was for then.', resolve: ({ filter }) => filter.description }),
    criteria: t.field({
      type: FilterCriteriaRef,
      description: 'What a result had to be like then.',
      resolve: ({ filter }) => filter.criteria,
    }),
    limits: t.field({ type: FilterLimitsRef, description: 'What it took at most then.', resolve: ({ filter }) => filter.limits ?? {} }),
    enabled: t.boolean({ description: 'Whether the scanner applied it then.', resolve: ({ filter }) => filter.enabled }),
    visibility: t.field({ type: FilterVisibilityEnum, description: 'Who could see it then.', resolve: ({ filter }) => filter.visibility }),
  }),
});

builder.objectFields(FilterRef, (t) => ({
  revisions: t.connection({
    type: FilterRevisionRef,
    description: 'Its revisions, the newest first: what was changed, when, by whom and why.',
    resolve: async (filter, paging, { services }) => {
      const request = parsePageRequest(paging, services.pageLimits, (cursor) => decodeKeyCursor('filter-revision', cursor, isRevision));
      return toConnection(await services.filterChanges.revisions(filter.id, request), (change) =>
        encodeKeyCursor('filter-revision', String(change.filter.revision)),
      );
    },
  }),
}));

/** What people change. */
function contentOf({ name, description, criteria, limits, enabled, visibility, deletedAtMs }: Filter) {
  return { name, description, criteria, limits, enabled, visibility, deleted: deletedAtMs !== null };
}

function isRevision(key: string): boolean {
  return /^[1-9]\d{0,8}$/.test(key);
}
