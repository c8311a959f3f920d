import type { Sql } from '../../db/client.ts';
import { readInPieces } from '../../db/read-in-pieces.ts';
import type { RollupDimension, RollupSource } from '../../domain/rollups/rollup-metric.ts';
import { createSqlParameters } from '../results/criteria-sql.ts';
import type { EventLoopSlicer } from '../scanner/event-loop-slicer.ts';
import { STREAM_START, type StreamPosition } from '../stream-log/stream-position.ts';
import { ROLLUP_TABLES } from './cell-store.ts';
import type { ReadCell, RollupQuery } from './rollup-reader.ts';
import { ROLLUP_CONSUMER, ROLLUP_STREAMS } from './rollup-streams.ts';

export interface StoredCells {
  /** In order of series and bucket; those of a series have the same object for their dimensions. */
  readonly cells: readonly ReadCell[];
  /** Behind the last row that they count. */
  readonly position: StreamPosition;
  /** The newest committed row. */
  readonly head: Pick<StreamPosition, 'sequence'>;
}

const SERIES_COLUMNS: Readonly<Record<RollupDimension, string>> = { FILTER: 'filter_id', SYMBOL: 'symbol', STRATEGY: 'strategy' };

const milliseconds = (column: string) => `round(date_part('epoch', ${column}) * 1000)`;
/** As `Columns` names them. */
const COLUMNS = [
  'series_id',
  milliseconds('bucket'),
  'count',
  'sum',
  'min',
  'max',
  'm2',
  'first',
  milliseconds('first_at'),
  'last',
  milliseconds('last_at'),
  'p50',
  'p95',
  'p99',
  `encode(sketch, 'hex')`,
  milliseconds('updated_at'),
];
const SELECTION = COLUMNS.map((column) => `json_agg(${column})`).join(', ');
/** Parsed in one go, within a few milliseconds. */
const CELLS_AT_ONCE = 500;

type Columns = [
  seriesId: number[],
  bucketMs: number[],
  count: number[],
  sum: number[],
  min: number[],
  max: number[],
  m2: number[],
  first: number[],
  firstAtMs: number[],
  last: number[],
  lastAtMs: number[],
  p50: number[],
  p95: number[],
  p99: number[],
  sketch: string[],
  updatedAtMs: number[],
];

/** What is told before the cells. */
interface Place {
  readonly head: number | null;
  readonly position: StreamPosition | null;
  readonly series: readonly { id: number; dimensions: ReadCell['dimensions'] }[] | null;
}

/** The stored cells of a query, and how far the stream of its source had been rolled up then: all as of the same moment. */
export async function readStoredCells(sql: Sql, slicer: EventLoopSlicer, query: RollupQuery): Promise<StoredCells> {
  const { metric, tier, fromMs, beforeMs, groupBy, where } = query;
  const parameters = createSqlParameters();
  const conditions = (Object.entries(SERIES_COLUMNS) as [RollupDimension, string][]).map(([dimension, column]) => {
    const values = where[dimension];
    if (values) return `${column} = any(${parameters.add(values, dimension === 'FILTER' ? 'uuid[]' : 'text[]')})`;
    return `${column} is ${groupBy.includes(dimension) ? 'not ' : ''}null`;
  });
  const stream = parameters.add(ROLLUP_STREAMS[metric.source].stream, 'text');
  const text = `
    with series as materialized (
      select id, filter_id, symbol, strategy from rollup_series
      where source = ${parameters.add(metric.source, 'text')} and metric = ${parameters.add(metric.name, 'text')} and ${conditions.join(' and ')}
    )
    select -1 as piece, json_build_object(
      'head', (select last_sequence from stream_heads where stream = ${stream}),
      'position', (select json_build_object('sequence', sequence, 'atMs', ${milliseconds('at')}) from stream_positions
        where consumer = ${parameters.add(ROLLUP_CONSUMER, 'text')} and stream = ${stream}),
      'series', (select json_agg(json_build_object('id', id, 'dimensions', json_build_object('filterId', filter_id, 'symbol', symbol, 'strategy', strategy)))
        from series)
    )${', null::json'.repeat(COLUMNS.length - 1)}
    union all
    select piece, ${SELECTION} from (
      select cell.*, (row_number() over (order by series_id, bucket) - 1) / ${CELLS_AT_ONCE} as piece from ${ROLLUP_TABLES[tier]} as cell
      where series_id = any(array(select id from series))
        and bucket >= ${parameters.add(new Date(fromMs), 'timestamptz')} and bucket < ${parameters.add(new Date(beforeMs), 'timestamptz')}
      order by piece, series_id, bucket
    ) as cell
    group by piece
    order by piece`;
  let place: Place = { head: null, position: null, series: null };
  let dimensions = new Map<number, ReadCell['dimensions']>();
  const cells: ReadCell[] = [];
  await readInPieces(sql, text, parameters.values, 1, async ([row]) => {
    const [piece, ...columns] = row as readonly [piece: number, ...columns: unknown[]];
    if (piece < 0) {
      place = columns[0] as Place;
      dimensions = new Map(place.series?.map((series) => [series.id, series.dimensions]));
    } else {
      await slicer.turn();
      addCells(cells, columns as Columns, dimensions);
    }
  });
  return { cells, position: place.position ?? STREAM_START, head: { sequence: place.head ?? 0 } };
}

function addCells(cells: ReadCell[], columns: Columns, dimensions: ReadonlyMap<number, ReadCell['dimensions']>): void {
  const [seriesId, bucketMs, count, sum, min, max, m2, first, firstAtMs, last, lastAtMs, p50, p95, p99, sketch, updatedAtMs] = columns;
  for (let index = 0; index < seriesId.length; index++) {
    cells.push({
      // One object for all cells of a series.
      dimensions: dimensions.get(seriesId[index]!)!,
      bucketMs: bucketMs[index]!,
      cell: {
        count: count[index]!,
        sum: sum[index]!,
        min: min[index]!,
        max: max[index]!,
        m2: m2[index]!,
        first: first[index]!,
        firstAtMs: firstAtMs[index]!,
        last: last[index]!,
        lastAtMs: lastAtMs[index]!,
        p50: p50[index]!,
        p95: p95[index]!,
        p99: p99[index]!,
      },
      sketch: () => Buffer.from(sketch[index]!, 'hex'),
      updatedAtMs: updatedAtMs[index]!,
    });
  }
}

/** Newest market time of a source, rolled up or not, epoch milliseconds; null without any row. */
export async function readNewestMs(sql: Sql, source: RollupSource): Promise<number | null> {
  const { stream, table, timeColumn } = ROLLUP_STREAMS[source];
  const [place] = await sql<{ sequence: number; at: number; newestAt: number | null }[]>`
    select position.sequence, position.at, known.newest_at as "newestAt"
    from (values (1)) as one
    left join stream_positions as position on consumer = ${ROLLUP_CONSUMER} and stream = ${stream}
    left join rollup_sources as known on known.source = ${source}`;
  const parameters = createSqlParameters();
  const at = parameters.add(new Date(place?.at ?? 0), 'timestamptz');
  const [behind] = await sql.unsafe<{ newestAt: number | null }[]>(
    `select max(quoted_at) as "newestAt" from ${table}
    where ${timeColumn} >= ${at} and (${timeColumn}, sequence) > (${at}, ${parameters.add(place?.sequence ?? 0, 'bigint')})`,
    parameters.values as never[],
  );
  const known = [place?.newestAt, behind?.newestAt].filter((atMs) => atMs !== null && atMs !== undefined);
  return known.length === 0 ? null : Math.max(...known);
}
