import type { Sql, Transaction } from '../client.ts';
import type { TimeSeriesTable } from './time-series-tables.ts';

/** More chunks than this at once would take too many locks. */
const MOST_CHUNKS = 500;

/** Where the chunks begin that the rows of a relation belong into; of very many, the newest. */
export async function chunkStartsOf(
  sql: Sql | Transaction,
  { timeColumn, chunkMs }: Pick<TimeSeriesTable, 'timeColumn' | 'chunkMs'>,
  relation: string,
): Promise<number[]> {
  const rows = await sql<{ startMs: number }[]>`
    select distinct (floor(extract(epoch from ${sql(timeColumn)}) * 1000 / ${chunkMs}) * ${chunkMs})::float8 as "startMs"
    from ${sql(relation)} order by 1 desc limit ${MOST_CHUNKS}`;
  return rows.map(({ startMs }) => startMs);
}
