import type { Sql, Transaction } from '../client.ts';
import { chunkStartsOf } from './chunk-starts-of.ts';
import { chunkStartsAhead } from './chunks-ahead.ts';
import { partitionBounds } from './partition-bounds.ts';
import { defaultPartitionName, partitionName } from './partition-names.ts';
import type { TimeSeriesTable } from './time-series-tables.ts';

/**
 * Makes an ordinary table one that is partitioned by its time column, with the same rows, columns, indexes, constraints and grants. All at once or not at all; nobody
 * reads or writes it meanwhile.
 */
export async function partitionTable(sql: Sql, table: TimeSeriesTable, nowMs: number): Promise<void> {
  const { name, timeColumn } = table;
  const former = `${name}_unpartitioned`;
  await sql.begin(async (transaction) => {
    await transaction`lock table ${transaction(name)} in access exclusive mode`;
    const replaced = await replacedDefinitions(transaction, name, former);
    const grants = await grantsOf(transaction, name);
    const starts = new Set([...chunkStartsAhead(table, nowMs), ...(await chunkStartsOf(transaction, table, name))]);
    await transaction`alter table ${transaction(name)} rename to ${transaction(former)}`;
    for (const { drop } of replaced) await transaction.unsafe(drop);
    await transaction`
      create table ${transaction(name)} (like ${transaction(former)} including all excluding indexes) partition by range (${transaction(timeColumn)})`;
    await transaction`create table ${transaction(defaultPartitionName(name))} partition of ${transaction(name)} default`;
    for (const startMs of starts) await createPartition(transaction, table, startMs);
    await transaction`insert into ${transaction(name)} select * from ${transaction(former)}`;
    // After the rows: an index is built faster than it is kept.
    for (const { create } of replaced) await transaction.unsafe(create);
    for (const grant of grants) await transaction.unsafe(grant);
    await transaction`drop table ${transaction(former)}`;
  });
}

interface Definition {
  readonly create: string;
  readonly drop: string;
}

/** Constraints that have an index or refer to another table, and other indexes: their names are needed for the new table. */
async function replacedDefinitions(transaction: Transaction, name: string, former: string): Promise<Definition[]> {
  const constraints = await transaction<Definition[]>`
    select format('alter table %I add constraint %I %s', ${name}::text, conname, pg_get_constraintdef(oid)) as create,
      format('alter table %I drop constraint %I', ${former}::text, conname) as drop
    from pg_constraint where conrelid = to_regclass(${name}) and contype in ('p', 'u', 'f') order by contype <> 'p', conname`;
  const indexes = await transaction<Definition[]>`
    select pg_get_indexdef(indexrelid) as create, format('drop index %s', indexrelid::regclass) as drop
    from pg_index where indrelid = to_regclass(${name}) and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))
    order by indexrelid`;
  return [...constraints, ...indexes];
}

async function grantsOf(transaction: Transaction, name: string): Promise<string[]> {
  const grants = await transaction<{ grant: string }[]>`
    select format('grant %s on %I to %s%s', privilege_type, relname, case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end,
      case when is_grantable then ' with grant option' end) as grant
    from pg_class, aclexplode(relacl) where pg_class.oid = to_regclass(${name}) and grantee <> relowner`;
  return grants.map(({ grant }) => grant);
}

async function createPartition(transaction: Transaction, { name, chunkMs }: TimeSeriesTable, startMs: number): Promise<void> {
  await transaction.unsafe(
    `create table "${partitionName(name, startMs)}" partition of "${name}" ${partitionBounds(startMs, startMs + chunkMs)}`,
  );
}
