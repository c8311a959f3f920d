import { encodeGlobalID } from '@pothos/plugin-relay';
import { type GraphQLSchema, parse } from 'graphql';
import type { Sql } from '../../db/client.ts';
import { METRICS } from '../../domain/candidates/metric.ts';
import { ValidationError } from '../../domain/errors/validation-error.ts';
import type { Leg, ScanResult, ScoreComponent } from '../../domain/results/scan-result.ts';
import { hiddenFilters } from '../../resolvers/hidden-filters.ts';
import { parseDateTimeRange } from '../../resolvers/parse-date-time-range.ts';
import { parseResultFilter } from '../../resolvers/parse-result-filter.ts';
import { resultColumnsOfFields } from '../../resolvers/result-columns-of-fields.ts';
import type { GraphQLContext } from '../../schema/context.ts';
import type { ScanResultFilterShape } from '../../schema/scan-result.ts';
import { estimateScanResults } from '../../services/results/estimate-scan-results.ts';
import type { ScanResultOrder, ScanResultQuery } from '../../services/results/scan-result-query.ts';
import { scanResultCursor } from '../../services/results/scan-result-store.ts';
import { carryOut } from '../../services/scanner/carry-out.ts';
import { coerceVariables } from './coerce-variables.ts';
import type { ExportCriteria } from './export-parameters.ts';
import type { ExportRow, ExportSource } from './export-source.ts';

/** Reading their JSON takes several milliseconds, in one go. */
const PAGE_ROWS = 100;

/** What the fields of results need besides them: what a page refers to, by id. */
interface References {
  readonly filters: ReadonlyMap<string, { readonly id: string; readonly name: string }>;
  readonly runs: ReadonlyMap<string, { readonly id: string }>;
}

type Field = (result: ScanResult, references: References) => unknown;

/** The fields of ScanResult in GraphQL whose values a file can hold. */
const FIELDS: Readonly<Record<string, Field>> = {
  id: ({ id }) => encodeGlobalID('ScanResult', id),
  detectedAt: ({ detectedAtMs }) => new Date(detectedAtMs).toISOString(),
  quotedAt: ({ quotedAtMs }) => new Date(quotedAtMs).toISOString(),
  symbol: ({ symbol }) => symbol,
  strategy: ({ strategy }) => strategy,
  expiration: ({ expiration }) => expiration,
  ...Object.fromEntries(METRICS.map(({ name }): [string, Field] => [name, ({ metrics }) => metrics[name]])),
  breakevens: ({ metrics }) => [metrics.breakevenLower, metrics.breakevenUpper].filter((price) => price !== null),
  marketState: ({ marketState }) => marketState,
  filter: ({ filterId }, { filters }) => filters.get(filterId) ?? null,
  filterRevision: ({ filterRevision }) => filterRevision,
  scanRun: ({ scanRunId }, { runs }) => runs.get(scanRunId) ?? null,
  legs: ({ legs }) => legs.map(legOf),
  scoreComponents: ({ scoreComponents }) => scoreComponents.map(componentOf),
  reasons: ({ reasons }) => reasons,
};
const NAMES = Object.keys(FIELDS);
/** Of objects, columns of their own in CSV. */
const PARTS: Readonly<Record<string, readonly string[]>> = { filter: ['id', 'name'], scanRun: ['id'] };

/**
 * The rows of `scanResults` as GraphQL tells them, without asking it: these are the many, and GraphQL takes ten times as long to make answers of them as the database takes to
 * find them.
 */
export function createScanResultExport({ schema, sql }: { schema: GraphQLSchema; sql: Sql }): ExportSource {
  const variables = parse('query Export($filter: ScanResultFilter, $range: DateTimeRange, $direction: OrderDirection!) { __typename }');

  return {
    name: 'scan-results',
    description: schema.getQueryType()?.getFields().scanResults?.description ?? '',
    permission: 'READ_RESULTS',
    criteria: ['filter', 'from', 'before', 'order'],
    pageRows: PAGE_ROWS,
    prepare(criteria, wanted) {
      const names = [...new Set(wanted ?? NAMES)];
      const unknown = names.filter((name) => !Object.hasOwn(FIELDS, name));
      if (unknown.length > 0)
        throw new ValidationError(
          unknown.map((name) => ({
            path: 'columns',
            message: `expected some of ${NAMES.join(', ')}, got ${JSON.stringify(name.slice(0, 60))}`,
          })),
        );
      const { query, order } = parseCriteria(criteria);
      const columns = resultColumnsOfFields(names);
      const visible = (context: GraphQLContext): ScanResultQuery => ({ ...query, ...hiddenFilters(context) });
      return {
        columns: names.flatMap((name) =>
          (PARTS[name] ?? [null]).map((part) => ({
            name: part === null ? name : `${name}.${part}`,
            path: part === null ? [name] : [name, part],
          })),
        ),
        async page(after, limit, context) {
          const request = { direction: 'forward', limit, cursor: after } as const;
          const { rows, hasNextPage } = await context.services.results.page(visible(context), order, request, columns);
          const references = await referencesOf(rows, names, context);
          return { rows: await carryOut(exportedRows(rows, names, order, references), context.services.slicer), hasMore: hasNextPage };
        },
        estimateRows: (context) => estimateScanResults(sql, visible(context)),
      };
    },
  };

  function parseCriteria({ filter, from, before, order }: ExportCriteria): { query: ScanResultQuery; order: ScanResultOrder } {
    const {
      filter: given,
      range,
      direction,
    } = coerceVariables(schema, variables, { filter, range: { from, before }, direction: order ?? 'DESC' });
    const { fromMs, beforeMs } = parseDateTimeRange(range as Parameters<typeof parseDateTimeRange>[0], 'range');
    return {
      query: {
        ...parseResultFilter(given as ScanResultFilterShape | null | undefined),
        detectedFromMs: fromMs,
        detectedBeforeMs: beforeMs,
      },
      order: { field: 'DETECTED_AT', direction: direction as ScanResultOrder['direction'] },
    };
  }
}

/** In steps of one row. */
function* exportedRows(
  rows: readonly ScanResult[],
  names: readonly string[],
  order: ScanResultOrder,
  references: References,
): Generator<void, ExportRow[]> {
  const exported: ExportRow[] = [];
  for (const row of rows) {
    const values: Record<string, unknown> = {};
    for (const name of names) values[name] = FIELDS[name]!(row, references);
    exported.push({ cursor: scanResultCursor(row, order), values });
    yield;
  }
  return exported;
}

async function referencesOf(rows: readonly ScanResult[], names: readonly string[], { loaders }: GraphQLContext): Promise<References> {
  const filterIds = names.includes('filter') ? [...new Set(rows.map(({ filterId }) => filterId))] : [];
  const runIds = names.includes('scanRun') ? [...new Set(rows.map(({ scanRunId }) => scanRunId))] : [];
  const [filters, runs] = await Promise.all([
    Promise.all(filterIds.map((id) => loaders.filter.load(id))),
    Promise.all(runIds.map((id) => loaders.scanRun.load(id))),
  ]);
  return {
    filters: new Map(
      filters.flatMap((filter) => (filter ? [[filter.id, { id: encodeGlobalID('Filter', filter.id), name: filter.name }]] : [])),
    ),
    runs: new Map(runs.flatMap((run) => (run ? [[run.id, { id: encodeGlobalID('ScanRun', run.id) }]] : []))),
  };
}

/** Without its kind, which GraphQL tells as the type; its fields always in the same order, as PostgreSQL does not keep it. */
function legOf(leg: Leg): Omit<Leg, 'kind'> {
  const { symbol, quantity } = leg;
  if (leg.kind === 'STOCK') return { symbol, quantity };
  const { right, strike, expiration, bid, ask, impliedVolatility, delta } = leg;
  return { symbol, quantity, right, strike, expiration, bid, ask, impliedVolatility, delta } as Omit<Leg, 'kind'>;
}

function componentOf({ name, weight, value, explanation }: ScoreComponent): ScoreComponent {
  return { name, weight, value, explanation };
}
