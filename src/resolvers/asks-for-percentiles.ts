import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/** `movingAverage` may be of a percentile. */
const FIELDS = new Set(['p50', 'p95', 'p99', 'movingAverage']);

/** Whether anything below a field may look at percentiles of buckets, through fragments and whatever the aliases: merging them takes most of the time. */
export function asksForPercentiles({ fieldNodes, fragments }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>): boolean {
  const seen = new Set<string>();
  const asks = (set: SelectionSetNode | undefined): boolean =>
    set?.selections.some((selection) => {
      if (selection.kind === Kind.FIELD) return FIELDS.has(selection.name.value) || asks(selection.selectionSet);
      if (selection.kind === Kind.INLINE_FRAGMENT) return asks(selection.selectionSet);
      if (seen.has(selection.name.value)) return false;
      seen.add(selection.name.value);
      return asks(fragments[selection.name.value]?.selectionSet);
    }) ?? false;
  return fieldNodes.some(({ selectionSet }) => asks(selectionSet));
}
