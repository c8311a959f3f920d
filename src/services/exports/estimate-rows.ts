import type { Sql } from '../../db/client.ts';
import type { SqlParameters } from '../results/criteria-sql.ts';

interface Plan {
  readonly 'Plan Rows': number;
}

/** How many rows the planner of PostgreSQL expects, which costs the same whatever their number. Good to an order of magnitude, better after ANALYZE. */
export async function estimateRows(sql: Sql, table: string, conditions: readonly string[], parameters: SqlParameters): Promise<number> {
  const text = `explain (format json) select 1 from ${table} where ${conditions.join(' and ')}`;
  const [row] = await sql.unsafe<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }[]>(text, parameters.values as never[]);
  return row!['QUERY PLAN'][0]!.Plan['Plan Rows'];
}
