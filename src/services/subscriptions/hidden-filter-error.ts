import type { Viewer } from '../../domain/access/viewer.ts';
import { NotFoundError } from '../../domain/errors/not-found-error.ts';
import type { FilterPrivacy } from './row-visibility.ts';

/**
 * Why a subscription that names filters cannot go on: each of them has become private, and the subscriber may not see it. Silence would look like a market in which
 * nothing is found. What is deleted or disabled is seen all the same, and may come back: its opportunities are told to leave, and `filterChanges` says why.
 *
 * @returns null: it names no filters, or one that may be seen
 */
export function hiddenFilterError({
  isPrivate,
  isHidden,
}: Pick<FilterPrivacy, 'isPrivate' | 'isHidden'>): (
  interest: { readonly filterIds?: readonly string[] | undefined },
  viewer: Viewer | null,
) => Error | null {
  return ({ filterIds }, viewer) => {
    if (filterIds === undefined || filterIds.length === 0) return null;
    const isOutOfSight = (id: string) => (viewer === null ? isPrivate(id) : isHidden(id, viewer));
    if (!filterIds.every(isOutOfSight)) return null;
    return new NotFoundError('expected a filter that you may see, got only filters that have been made private');
  };
}
