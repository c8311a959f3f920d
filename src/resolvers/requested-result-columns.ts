import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import type { ScanResultColumn } from '../services/results/scan-result-columns.ts';
import { resultColumnsOfFields } from './result-columns-of-fields.ts';

/** By the one field that asks for the page: as long as its document is known. */
const known = new WeakMap<FieldNode, ReadonlySet<ScanResultColumn>>();

/**
 * What a page of results must read for the fields that are asked for in `edges { node { … } }`, through fragments and whatever the aliases. Fields under @skip and
 * @include count as asked for.
 */
export function requestedResultColumns(info: GraphQLResolveInfo): ReadonlySet<ScanResultColumn> {
  const [field] = info.fieldNodes;
  if (!field || info.fieldNodes.length > 1) return columnsOf(info);
  let columns = known.get(field);
  if (!columns) {
    columns = columnsOf(info);
    known.set(field, columns);
  }
  return columns;
}

function columnsOf(info: GraphQLResolveInfo): ReadonlySet<ScanResultColumn> {
  const edges = fieldsNamed(info, info.fieldNodes, 'edges');
  const nodes = fieldsNamed(info, edges, 'node');
  return resultColumnsOfFields(nodes.flatMap((node) => subfields(info, node.selectionSet)).map((field) => field.name.value));
}

function fieldsNamed(info: GraphQLResolveInfo, parents: readonly FieldNode[], name: string): FieldNode[] {
  return parents.flatMap((parent) => subfields(info, parent.selectionSet)).filter((field) => field.name.value === name);
}

function subfields(info: GraphQLResolveInfo, set: SelectionSetNode | undefined): FieldNode[] {
  return (set?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    return subfields(
      info,
      selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : info.fragments[selection.name.value]?.selectionSet,
    );
  });
}
