import type { Sql, Transaction } from '../../db/client.ts';
import { columnName } from '../../db/column-name.ts';
import type { RollupRows } from '../../domain/rollups/delta-cells.ts';
import type { RollupDimension, RollupMetric, RollupSource } from '../../domain/rollups/rollup-metric.ts';
import { createSqlParameters, type SqlParameters } from '../results/criteria-sql.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import { ROLLUP_STREAMS } from './rollup-streams.ts';

export interface SourceRowsQuery {
  readonly source: RollupSource;
  readonly after: StreamPosition;
  readonly limit: number;
  /** Those whose values are read. */
  readonly metrics: readonly RollupMetric[];
  readonly dimensions: readonly RollupDimension[];
  /** Besides the place in the stream; left out: none. */
  readonly conditions?: ((parameters: SqlParameters) => readonly string[]) | undefined;
}

export interface SourceRows extends RollupRows {
  /** When each row was committed, epoch milliseconds. */
  readonly committedAtMs: readonly number[];
  /** Of the last row; `after` without any. */
  readonly position: StreamPosition;
}

type Columns = [count: number, sequence: number | null, at: number[], quotedAt: number[], ...rest: (readonly unknown[])[]];

const milliseconds = (column: string) => `round(date_part('epoch', ${column}) * 1000)`;

/**
 * Committed rows of a source behind a place in its stream, in order; only what is asked for. Each column comes as one JSON array, which is read in a fraction of the time
 * that a value for each field takes.
 */
export async function readSourceRows(sql: Sql | Transaction, query: SourceRowsQuery): Promise<SourceRows> {
  const { source, after, limit, metrics, dimensions, conditions } = query;
  const { table, timeColumn, dimensionColumns } = ROLLUP_STREAMS[source];
  const parameters = createSqlParameters();
  const at = parameters.add(new Date(after.atMs), 'timestamptz');
  const behind = [
    `${timeColumn} >= ${at}`,
    `(${timeColumn}, sequence) > (${at}, ${parameters.add(after.sequence, 'bigint')})`,
    ...(conditions?.(parameters) ?? []),
  ];
  const columns = [...dimensions.map((dimension) => dimensionColumns[dimension]!), ...metrics.map(({ property }) => columnName(property))];
  const text = `
    select count(*)::int, max(sequence), json_agg(${milliseconds(timeColumn)}), json_agg(${milliseconds('quoted_at')})${columns.map((column) => `, json_agg(${column})`).join('')}
    from (
      select ${[...new Set(['sequence', timeColumn, 'quoted_at', ...columns])].join(', ')} from ${table}
      where ${behind.join(' and ')} order by ${timeColumn}, sequence limit ${parameters.add(limit, 'int')}
    ) as source_row`;
  const [row] = await sql.unsafe(text, parameters.values as never[]).values();
  const [length, sequence, committedAtMs, quotedAtMs, ...rest] = row as unknown as Columns;
  if (sequence === null)
    return { length: 0, committedAtMs: [], quotedAtMs: [], dimensions: {}, values: metrics.map(() => []), position: after };
  return {
    length,
    committedAtMs,
    quotedAtMs,
    dimensions: Object.fromEntries(dimensions.map((dimension, index) => [dimension, rest[index] as string[]])),
    values: rest.slice(dimensions.length) as (number | null)[][],
    position: { sequence, atMs: committedAtMs.at(-1)! },
  };
}
