import type { FilterChange } from '../../domain/filters/filter-change.ts';
import type { FilterChangeQuery } from '../filters/filter-change-store.ts';
import { filterChangeStream } from '../filters/filter-change-stream.ts';
import type { StreamHistory } from '../stream-log/stream-history.ts';
import { type FilterPrivacy, visibilityByFilter } from './row-visibility.ts';
import type { StreamSubject } from './stream-channel.ts';

/** Changes of filters as something to subscribe to. */
export function filterChangeSubject(
  history: StreamHistory<FilterChange, FilterChangeQuery>,
  privacy: FilterPrivacy,
): StreamSubject<FilterChange, FilterChangeQuery> {
  return {
    name: filterChangeStream.name,
    positionOf: filterChangeStream.position,
    keyOf: (change) => change.filter.id,
    textOf: () => '',
    matcher: () => () => true,
    columns: [],
    admissible: () => [],
    history,
    visibility: visibilityByFilter(privacy, ({ filter }) => filter.id),
  };
}
