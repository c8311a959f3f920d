import type { Sql } from '../../src/db/client.ts';
import { columnName } from '../../src/db/column-name.ts';
import { rollupCuboids } from '../../src/domain/rollups/rollup-cuboids.ts';
import { ROLLUP_METRICS, ROLLUP_SOURCES, type RollupDimension, type RollupSource } from '../../src/domain/rollups/rollup-metric.ts';
import { ROLLUP_TIERS, type RollupTier } from '../../src/domain/rollups/rollup-tier.ts';
import { ROLLUP_STREAMS } from '../../src/services/rollups/rollup-streams.ts';

const COLUMNS = { FILTER: 'filter_id', SYMBOL: 'symbol', STRATEGY: 'strategy' } as const;
const TABLES = { MINUTE: 'rollup_minutes', HOUR: 'rollup_hours', DAY: 'rollup_days' } as const;

export interface RollupComparison {
  /** Cells that the rows ask for. */
  readonly cells: number;
  /** At most ten of those that are not as the rows say. */
  readonly disagreements: readonly Record<string, unknown>[];
}

export interface RollupComparisonOptions {
  readonly sources?: readonly RollupSource[];
  /** Where the tables are that hold the rows. */
  readonly schema?: string;
  /** From which bucket on a tier has cells, epoch milliseconds; nothing is to be stored before. Left out: all. */
  readonly keptFromMs?: Readonly<Partial<Record<RollupTier, number>>>;
}

/** Compares every stored cell of every tier with what SQL makes of the rows. */
export async function compareRollups(
  sql: Sql,
  { sources = ROLLUP_SOURCES, schema = 'public', keptFromMs = {} }: RollupComparisonOptions = {},
): Promise<RollupComparison> {
  let cells = 0;
  const disagreements: Record<string, unknown>[] = [];
  for (const source of sources) {
    for (const tier of Object.keys(ROLLUP_TIERS) as RollupTier[]) {
      const [compared] = await sql.unsafe<{ cells: number; disagreements: Record<string, unknown>[] | null }[]>(
        comparison(source, tier, schema),
        [new Date(keptFromMs[tier] ?? 0)] as never[],
      );
      cells += compared!.cells;
      disagreements.push(...(compared!.disagreements ?? []));
    }
  }
  return { cells, disagreements: disagreements.slice(0, 10) };
}

const KEY = `concat_ws(' ', metric, bucket, coalesce(filter_id::text, '<all>'), coalesce(symbol, '<all>'), coalesce(strategy, '<all>'))`;

function comparison(source: RollupSource, tier: RollupTier, schema: string): string {
  const { table, dimensionColumns } = ROLLUP_STREAMS[source];
  const columnOf = (dimension: RollupDimension) => dimensionColumns[dimension] ?? 'null';
  const values = ROLLUP_METRICS.filter((metric) => metric.source === source).map(
    ({ name, property }) => `('${name}', ${columnName(property)}::float8)`,
  );
  const dimensions = Object.keys(COLUMNS) as RollupDimension[];
  // What the source does not have is null in all of its rows.
  const sets = rollupCuboids(source, tier).map((cuboid) =>
    dimensions.filter((dimension) => cuboid.includes(dimension) || !dimensionColumns[dimension]).map((dimension) => COLUMNS[dimension]),
  );
  return `
    with given as (
      select metric, value, ${columnOf('FILTER')}::uuid as filter_id, ${columnOf('SYMBOL')}::text as symbol, ${columnOf('STRATEGY')}::text as strategy,
        quoted_at, sequence, date_trunc('${tier.toLowerCase()}', quoted_at, 'UTC') as bucket
      from ${schema}.${table} cross join lateral (values ${values.join(', ')}) as of_metric (metric, value)
      where value is not null and date_trunc('${tier.toLowerCase()}', quoted_at, 'UTC') >= $1::timestamptz
    ),
    wanted as (
      select ${KEY} as key, count(*) as count, sum(value) as sum, sum(abs(value)) as size, min(value) as min, max(value) as max,
        var_pop(value) * count(*) as m2, (array_agg(value order by quoted_at, sequence))[1] as first, min(quoted_at) as first_at,
        (array_agg(value order by quoted_at desc, sequence desc))[1] as last, max(quoted_at) as last_at,
        percentile_disc(0.5) within group (order by value) as p50, percentile_disc(0.95) within group (order by value) as p95,
        percentile_disc(0.99) within group (order by value) as p99
      from given group by metric, bucket, grouping sets (${sets.map((columns) => `(${columns.join(', ')})`).join(', ')})
    ),
    stored as (
      select ${KEY} as key, cell.* from ${TABLES[tier]} as cell join rollup_series on id = series_id where source = '${source}'
    ),
    compared as (
      select key, wanted, stored,
        coalesce(wanted.count = stored.count and abs(wanted.sum - stored.sum) <= 1e-9 * size and wanted.min = stored.min and wanted.max = stored.max
          and abs(wanted.m2 - stored.m2) <= 1e-6 * wanted.m2 + 1e-9 * size * size / wanted.count
          and wanted.first = stored.first and wanted.first_at = stored.first_at and wanted.last = stored.last and wanted.last_at = stored.last_at
          and abs(wanted.p50 - stored.p50) <= 0.0100001 * abs(wanted.p50) and abs(wanted.p95 - stored.p95) <= 0.0100001 * abs(wanted.p95)
          and abs(wanted.p99 - stored.p99) <= 0.0100001 * abs(wanted.p99), false) as agrees
      from wanted full join stored using (key)
    )
    select count(*)::int as cells, (
      select json_agg(json_build_object('tier', '${tier}', 'key', key, 'wanted', wanted, 'stored', stored))
      from (select * from compared where not agrees limit 10) as disagreeing
    ) as disagreements from compared`;
}
