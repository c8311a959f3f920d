import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import { METRICS } from '../domain/candidates/metric.ts';
import type { ScanResultColumn } from '../services/results/scan-result-columns.ts';

/** The columns behind the fields of ScanResult whose names are not the columns'. */
const COLUMNS_OF_FIELD: Readonly<Record<string, readonly ScanResultColumn[]>> = {
  detectedAt: ['detectedAt'],
  quotedAt: ['quotedAt'],
  filter: ['filterId'],
  filterRevision: ['filterRevision'],
  scanRun: ['scanRunId'],
  symbol: ['symbol'],
  underlying: ['symbol'],
  strategy: ['strategy'],
  legs: ['legs'],
  expiration: ['expiration'],
  marketState: ['marketState'],
  breakevens: ['breakevenLower', 'breakevenUpper'],
  scoreComponents: ['scoreComponents'],
  reasons: ['reasons'],
  ...Object.fromEntries(METRICS.map(({ name }) => [name, [name]])),
};

/**
 * What a page of results must read for the fields that are asked for in `edges { node { … } }`, through fragments and whatever the aliases. Fields under @skip and
 * @include count as asked for.
 */
export function requestedResultColumns(info: GraphQLResolveInfo): ReadonlySet<ScanResultColumn> {
  const columns = new Set<ScanResultColumn>();
  for (const edges of fieldsNamed(info, info.fieldNodes, 'edges')) {
    for (const node of fieldsNamed(info, [edges], 'node')) {
      for (const field of subfields(info, node.selectionSet)) {
        for (const column of COLUMNS_OF_FIELD[field.name.value] ?? []) columns.add(column);
      }
    }
  }
  return columns;
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
