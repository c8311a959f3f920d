import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/**
 * Fields asked of one row of a list, those of its fields included. A fragment counts once, as the executor asks what it holds once: fragments that spread others twice would take longer to count than to answer.
 */
export function fieldsAsked({ fieldNodes, fragments }: GraphQLResolveInfo): number {
  const spread = new Set<string>();
  const countIn = (selections: SelectionSetNode | undefined): number => {
    let count = 0;
    for (const selection of selections?.selections ?? []) {
      if (selection.kind === Kind.FIELD) count += 1 + countIn(selection.selectionSet);
      else if (selection.kind === Kind.INLINE_FRAGMENT) count += countIn(selection.selectionSet);
      else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        count += countIn(fragments[selection.name.value]?.selectionSet);
      }
    }
    return count;
  };
  return fieldNodes.reduce((count, { selectionSet }) => count + countIn(selectionSet), 0);
}
