const MS_PER_DAY = 86_400_000;

/** A table whose rows lie in chunks, each of which holds a span of time and goes as a whole. */
export interface TimeSeriesTable {
  readonly name: string;
  /** What chunks are cut by: timestamptz, never null, part of the primary key. */
  readonly timeColumn: string;
  /** Width of a chunk. Chunks begin at multiples of it since 1970, UTC. */
  readonly chunkMs: number;
  /** What rows are packed together by where old chunks are compressed. */
  readonly segmentBy: string;
  readonly orderBy: string;
}

function stream(name: string, timeColumn: string): TimeSeriesTable {
  return { name, timeColumn, chunkMs: 7 * MS_PER_DAY, segmentBy: 'symbol', orderBy: `${timeColumn} desc, sequence desc` };
}

function rollup(name: string, chunkDays: number): TimeSeriesTable {
  return { name, timeColumn: 'bucket', chunkMs: chunkDays * MS_PER_DAY, segmentBy: 'series_id', orderBy: 'bucket desc' };
}

/** Streams are cut by when a row was stored, rollups by the time of the market. The widths keep the chunks of the default retention below twenty. */
export const TIME_SERIES_TABLES: readonly TimeSeriesTable[] = [
  stream('scan_results', 'detected_at'),
  stream('underlying_observations', 'observed_at'),
  stream('scan_reports', 'reported_at'),
  rollup('rollup_minutes', 30),
  rollup('rollup_hours', 365),
];

/** @throws when there is none of this name */
export function timeSeriesTable(name: string): TimeSeriesTable {
  const table = TIME_SERIES_TABLES.find((candidate) => candidate.name === name);
  if (!table) throw new Error(`expected a time-series table, got ${name}`);
  return table;
}

/** Where the chunk of a moment begins, epoch milliseconds. */
export function chunkStartMs({ chunkMs }: Pick<TimeSeriesTable, 'chunkMs'>, atMs: number): number {
  return Math.floor(atMs / chunkMs) * chunkMs;
}
