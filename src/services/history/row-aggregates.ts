import type { Sql } from '../../db/client.ts';
import type { AggregateFigures } from '../../domain/rollups/aggregate-figures.ts';
import type { SeriesDimensions } from '../../domain/rollups/rollup-cell.ts';
import { ROLLUP_DIMENSIONS, type RollupDimension } from '../../domain/rollups/rollup-metric.ts';
import { createSqlParameters } from '../results/criteria-sql.ts';
import { ROLLUP_STREAMS } from '../rollups/rollup-streams.ts';
import { type RowQuery, rowConditions, valueColumn } from './row-conditions.ts';

export interface RowAggregatesQuery extends Omit<RowQuery, 'fromMs' | 'beforeMs'> {
  /** See bucketBounds. */
  readonly bounds: readonly number[];
  readonly groupBy: readonly RollupDimension[];
  /** Most buckets that are read; there are more when one more comes back. */
  readonly most: number;
}

export interface RowAggregate {
  readonly dimensions: SeriesDimensions;
  /** Index of the bound it begins at. */
  readonly bucket: number;
  /** When something was stored for it last; epoch milliseconds. */
  readonly updatedAtMs: number;
  readonly figures: AggregateFigures;
}

export interface RowAggregates {
  /** The figures of each bucket with values, from the rows themselves: all of them exact. By series, then by bucket. */
  read(query: RowAggregatesQuery): Promise<readonly RowAggregate[]>;
}

const NAMES: Readonly<Record<RollupDimension, keyof SeriesDimensions>> = { FILTER: 'filterId', SYMBOL: 'symbol', STRATEGY: 'strategy' };

type AggregateRow = SeriesDimensions &
  Omit<AggregateFigures, 'p50' | 'p95' | 'p99'> & {
    readonly bucket: number;
    readonly updatedAtMs: number;
    readonly percentiles: readonly number[];
  };

export function createRowAggregates({ sql }: { sql: Sql }): RowAggregates {
  return {
    async read({ bounds, groupBy, most, ...rest }) {
      const parameters = createSqlParameters();
      const { source } = rest.metric;
      const { table, timeColumn, dimensionColumns } = ROLLUP_STREAMS[source];
      const starts = parameters.add(bounds.slice(0, -1), 'timestamptz[]');
      const conditions = rowConditions({ ...rest, fromMs: bounds[0]!, beforeMs: bounds.at(-1)! }, parameters);
      const dimensions = ROLLUP_DIMENSIONS.map((dimension) => {
        const isGrouped = groupBy.includes(dimension);
        return `${isGrouped ? dimensionColumns[dimension] : 'null'}::text as "${NAMES[dimension]}"`;
      });
      const groups = [...groupBy.map((dimension) => dimensionColumns[dimension]!), 'bucket'].join(', ');
      const text = `
        select ${dimensions.join(', ')}, bucket - 1 as bucket, count(*)::int as count, sum(value) as sum, avg(value) as avg, min(value) as min,
          max(value) as max, stddev_samp(value) as stddev,
          (array_agg(value order by quoted_at, sequence))[1] as first,
          (array_agg(value order by quoted_at desc, sequence desc))[1] as last,
          percentile_disc(array[0.5, 0.95, 0.99]) within group (order by value) as percentiles,
          max(${timeColumn}) as "updatedAtMs"
        from (
          select *, width_bucket(quoted_at, ${starts}) as bucket, ${valueColumn(rest.metric)}::float8 as value
          from ${table} where ${conditions.join(' and ')}
        ) as rows
        group by ${groups} order by ${groups} limit ${parameters.add(most + 1, 'int')}`;
      const rows = await sql.unsafe<AggregateRow[]>(text, parameters.values as never[]);
      return rows.map(fromRow);
    },
  };
}

function fromRow({ filterId, symbol, strategy, bucket, updatedAtMs, percentiles, ...figures }: AggregateRow): RowAggregate {
  const [p50, p95, p99] = percentiles as [number, number, number];
  return { dimensions: { filterId, symbol, strategy }, bucket, updatedAtMs, figures: { ...figures, p50, p95, p99 } };
}
