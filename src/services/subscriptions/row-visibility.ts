import type { Viewer } from '../../domain/access/viewer.ts';
import type { FilterRegistry } from '../filters/filter-registry.ts';

/** Which rows of a stream are not for everybody, as it is at the moment of asking. */
export interface RowVisibility<Row, Interest> {
  /** Whether it is hidden from somebody: rarely, so that what it costs to tell readers apart is rarely paid. */
  isPrivate(row: Row): boolean;
  isHidden(row: Row, viewer: Viewer): boolean;
  /** The same object for viewers from whom the same is hidden, as far as that can be told without looking at rows. */
  classOf(viewer: Viewer): object;
  /** The interest without what is hidden from the viewer; the interest itself when nothing is. */
  within(interest: Interest, viewer: Viewer): Interest;
}

/** What knows which filters are private, and whose. */
export type FilterPrivacy = Pick<FilterRegistry, 'isPrivate' | 'isHidden' | 'hiddenFilterIds'>;

/** Rows are for those who may see the filter they are of. */
export function visibilityByFilter<Row, Interest extends { readonly hiddenFilterIds?: readonly string[] | undefined }>(
  { isPrivate, isHidden, hiddenFilterIds }: FilterPrivacy,
  filterIdOf: (row: Row) => string,
): RowVisibility<Row, Interest> {
  return {
    isPrivate: (row) => isPrivate(filterIdOf(row)),
    isHidden: (row, viewer) => isHidden(filterIdOf(row), viewer),
    classOf: hiddenFilterIds,
    within(interest, viewer) {
      const hidden = hiddenFilterIds(viewer);
      return hidden.length === 0 ? interest : { ...interest, hiddenFilterIds: hidden };
    },
  };
}
