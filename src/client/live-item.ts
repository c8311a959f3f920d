import type { Gap } from './client-events.ts';
import type { GraphQLErrorShape } from './graphql-result.ts';

/** What a subscription brings at a time. */
export interface LiveItem<Data> {
  readonly data: Data;
  /** Errors of single fields, which are null in `data`; null in the normal case. */
  readonly errors: readonly GraphQLErrorShape[] | null;
  /** The place behind this item, for the variable `after` of a later subscription; null when the operation does not ask for `cursor`. */
  readonly cursor: string | null;
  /** What is missing between the item before and this one; null in the normal case. */
  readonly gap: Gap | null;
}
