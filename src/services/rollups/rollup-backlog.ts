import type { Sql } from '../../db/client.ts';
import { ROLLUP_SOURCES, type RollupSource } from '../../domain/rollups/rollup-metric.ts';
import { ROLLUP_CONSUMER, ROLLUP_STREAMS } from './rollup-streams.ts';

export interface RollupBacklog {
  readonly source: RollupSource;
  /** Committed and not rolled up. */
  readonly rows: number;
  /** When the oldest of these was committed, epoch milliseconds; null without any. */
  readonly oldestAtMs: number | null;
}

/** Gives every source its place in its stream, at the beginning, if it has none. */
export async function beginRollups(sql: Sql): Promise<void> {
  const streams = Object.values(ROLLUP_STREAMS).map(({ stream }) => stream);
  await sql`
    insert into stream_positions (consumer, stream, sequence, at)
    select ${ROLLUP_CONSUMER}, stream, 0, 'epoch' from unnest(${streams}::text[]) as stream
    on conflict (consumer, stream) do nothing`;
}

/** What is left to do. */
export async function readRollupBacklog(sql: Sql): Promise<readonly RollupBacklog[]> {
  const parts = ROLLUP_SOURCES.map((source) => {
    const { stream, table, timeColumn } = ROLLUP_STREAMS[source];
    return `select '${source}' as source, head.last_sequence - position.sequence as rows, oldest.at as "oldestAtMs"
      from stream_positions as position
      join stream_heads as head on head.stream = position.stream and head.last_sequence > position.sequence
      left join lateral (
        select ${timeColumn} as at from ${table}
        where ${timeColumn} >= position.at and (${timeColumn}, sequence) > (position.at, position.sequence) order by ${timeColumn}, sequence limit 1
      ) as oldest on true
      where position.consumer = $1 and position.stream = '${stream}'`;
  });
  const found = await sql.unsafe<RollupBacklog[]>(parts.join(' union all '), [ROLLUP_CONSUMER]);
  return ROLLUP_SOURCES.map((source) => found.find((row) => row.source === source) ?? { source, rows: 0, oldestAtMs: null });
}
