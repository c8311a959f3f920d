import type { Sql } from '../client.ts';
import type { Chunk } from './chunk.ts';
import type { TimeSeriesBackingKind } from './time-series-backing.ts';
import type { TimeSeriesTable } from './time-series-tables.ts';

/** The chunks of a table, oldest first; none of a table that does not exist. Rows of the default partition are in none. */
export async function listChunks(sql: Sql, backing: TimeSeriesBackingKind, { name }: TimeSeriesTable): Promise<Chunk[]> {
  return backing === 'PLAIN' ? listPartitions(sql, name) : listHypertableChunks(sql, name);
}

/** Bounds are read back in the form they were printed in, whatever the settings of the server. */
async function listPartitions(sql: Sql, table: string): Promise<Chunk[]> {
  return sql<Chunk[]>`
    select relation, lower_bound as "fromMs", upper_bound as "beforeMs", rows, bytes
    from (
      select child.oid::regclass::text as relation,
        (regexp_match(pg_get_expr(child.relpartbound, child.oid), 'FROM \\(''([^'']+)''\\)'))[1]::timestamptz as lower_bound,
        (regexp_match(pg_get_expr(child.relpartbound, child.oid), 'TO \\(''([^'']+)''\\)'))[1]::timestamptz as upper_bound,
        (case when child.reltuples >= 0 then child.reltuples else pg_stat_get_live_tuples(child.oid) end)::float8 as rows,
        coalesce(pg_total_relation_size(child.oid), 0)::float8 as bytes
      from pg_inherits join pg_class as child on child.oid = inhrelid
      where inhparent = to_regclass(${table})
    ) as partitions
    where lower_bound is not null and upper_bound is not null order by lower_bound`;
}

async function listHypertableChunks(sql: Sql, table: string): Promise<Chunk[]> {
  return sql<Chunk[]>`
    select format('%I.%I', chunk.chunk_schema, chunk.chunk_name) as relation, range_start as "fromMs", range_end as "beforeMs",
      (case when chunk.is_compressed then approximate_row_count(relation)
        when reltuples >= 0 then reltuples else pg_stat_get_live_tuples(relation) end)::float8 as rows,
      coalesce(total_bytes, 0)::float8 as bytes
    from timescaledb_information.chunks as chunk
    cross join lateral (select format('%I.%I', chunk.chunk_schema, chunk.chunk_name)::regclass) as named (relation)
    join pg_class on pg_class.oid = relation
    left join chunks_detailed_size(to_regclass(${table})) as size on size.chunk_schema = chunk.chunk_schema and size.chunk_name = chunk.chunk_name
    where hypertable_name = ${table}
      and hypertable_schema = (select relnamespace::regnamespace::text from pg_class where oid = to_regclass(${table}))
    order by range_start`;
}
