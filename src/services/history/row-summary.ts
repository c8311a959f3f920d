import type { Sql } from '../../db/client.ts';
import { createSqlParameters } from '../results/criteria-sql.ts';
import { ROLLUP_STREAMS } from '../rollups/rollup-streams.ts';
import { type RowQuery, rowConditions, valueColumn } from './row-conditions.ts';

/** Shares below which the quantiles of a summary lie. */
export const SUMMARY_QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/** What can be told of values at once; in the unit of the metric. */
export interface ValueSummary {
  /** 1 or more. */
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Sample standard deviation (n - 1); null of a single value. */
  readonly stddev: number | null;
  /** One for each of SUMMARY_QUANTILES, linear between two values. */
  readonly quantiles: readonly number[];
  readonly first: number;
  /** Market time, epoch milliseconds. */
  readonly firstAtMs: number;
  readonly last: number;
  readonly lastAtMs: number;
}

export interface RowSummaries {
  /**
   * Of all values; null when there are none. `sequence` is how far the stream of the source had come, so that another statement can look at the same rows; null before
   * the first row.
   */
  all(query: RowQuery): Promise<{ readonly summary: ValueSummary | null; readonly sequence: number | null }>;
  /** By symbol; those without values are left out. */
  bySymbol(query: RowQuery): Promise<ReadonlyMap<string, ValueSummary>>;
  /**
   * How many values lie from each start to the next, of the rows up to a number in the stream.
   * @param starts ascending; no value is below the first
   */
  counts(query: RowQuery, starts: readonly number[], sequence: number | null): Promise<readonly number[]>;
}

const FIGURES = `count(*)::int as count, min(value) as min, max(value) as max, avg(value) as mean, stddev_samp(value) as stddev,
  percentile_cont(array[${SUMMARY_QUANTILES.join(', ')}]) within group (order by value) as quantiles,
  (array_agg(value order by quoted_at, sequence))[1] as first, min(quoted_at) as "firstAtMs",
  (array_agg(value order by quoted_at desc, sequence desc))[1] as last, max(quoted_at) as "lastAtMs"`;

export function createRowSummaries({ sql }: { sql: Sql }): RowSummaries {
  /** The rows with their value, as something to select from. */
  function rowsOf(query: RowQuery, parameters: ReturnType<typeof createSqlParameters>, more: readonly string[] = []): string {
    const { table } = ROLLUP_STREAMS[query.metric.source];
    const conditions = [...rowConditions(query, parameters), ...more].join(' and ');
    return `(select *, ${valueColumn(query.metric)}::float8 as value from ${table} where ${conditions}) as rows`;
  }

  return {
    async all(query) {
      const parameters = createSqlParameters();
      const stream = parameters.add(ROLLUP_STREAMS[query.metric.source].stream, 'text');
      const [row] = await sql.unsafe<(ValueSummary & { sequence: number | null })[]>(
        `select ${FIGURES}, (select last_sequence from stream_heads where stream = ${stream}) as sequence from ${rowsOf(query, parameters)}`,
        parameters.values as never[],
      );
      const { sequence, ...summary } = row!;
      return { summary: summary.count === 0 ? null : summary, sequence };
    },
    async bySymbol(query) {
      const parameters = createSqlParameters();
      const rows = await sql.unsafe<(ValueSummary & { symbol: string })[]>(
        `select symbol, ${FIGURES} from ${rowsOf(query, parameters)} group by symbol`,
        parameters.values as never[],
      );
      return new Map(rows.map(({ symbol, ...summary }) => [symbol, summary]));
    },
    async counts(query, starts, sequence) {
      const parameters = createSqlParameters();
      const bins = `width_bucket(value, ${parameters.add(starts, 'float8[]')})`;
      const upTo = sequence === null ? [] : [`sequence <= ${parameters.add(sequence, 'bigint')}`];
      const rows = await sql.unsafe<{ bin: number; count: number }[]>(
        `select ${bins} as bin, count(*)::int as count from ${rowsOf(query, parameters, upTo)} group by 1`,
        parameters.values as never[],
      );
      const counts = starts.map(() => 0);
      for (const { bin, count } of rows) counts[Math.max(0, bin - 1)]! += count;
      return counts;
    },
  };
}
