import postgres from 'postgres';
import type { Sql } from '../../src/db/client.ts';
import { NUMBER_TYPES } from '../../src/db/number-types.ts';

/** A part of a plan of PostgreSQL, as EXPLAIN tells it in JSON. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly PlanNode[];
}

/** A table, or a chunk of one, that a statement has read. */
export interface Scan {
  readonly relation: string;
  /** E.g. `Index Scan`. */
  readonly kind: string;
}

export interface RecordedStatements {
  /** For what is to be looked at. */
  readonly sql: Sql;
  /** Runs the work, and once more each of its statements: what they really read, parts that were never begun left out. */
  scans(work: () => Promise<unknown>): Promise<readonly Scan[]>;
  close(): Promise<void>;
}

/** A client whose statements can be explained as they were sent. */
export function recordedStatements(url: string): RecordedStatements {
  const statements: { text: string; parameters: readonly unknown[] }[] = [];
  const sql: Sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    types: NUMBER_TYPES,
    connection: { TimeZone: 'UTC', plan_cache_mode: 'force_custom_plan' },
    debug: (_connection, text, parameters) => void statements.push({ text, parameters }),
  });

  async function explain(text: string, parameters: readonly unknown[]): Promise<readonly Scan[]> {
    const [row] = await sql.unsafe<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }[]>(
      `explain (analyze, timing off, format json) ${text}`,
      parameters as never[],
    );
    return scansOf(row!['QUERY PLAN'][0]!.Plan);
  }

  return {
    sql,
    async scans(work) {
      await sql`select 1`;
      statements.length = 0;
      await work();
      const sent = statements.filter(({ text }) => /^\s*(select|with)/.test(text));
      const scans: Scan[] = [];
      for (const { text, parameters } of sent) scans.push(...(await explain(text, parameters)));
      return scans;
    },
    close: () => sql.end({ timeout: 5 }),
  };
}

function scansOf(node: PlanNode): Scan[] {
  if (node['Actual Loops'] === 0) return [];
  const own = node['Relation Name'] === undefined ? [] : [{ relation: node['Relation Name'], kind: node['Node Type'] }];
  return [...own, ...(node.Plans ?? []).flatMap(scansOf)];
}
