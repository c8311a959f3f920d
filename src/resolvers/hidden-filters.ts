import type { GraphQLContext } from '../schema/context.ts';

/** Part of a query: the filters that the viewer may not see, when there are some. */
export function hiddenFilters({ services, viewer }: Pick<GraphQLContext, 'services' | 'viewer'>): {
  readonly hiddenFilterIds?: readonly string[];
} {
  const hiddenFilterIds = services.filterPrivacy.hiddenFilterIds(viewer);
  return hiddenFilterIds.length === 0 ? {} : { hiddenFilterIds };
}
