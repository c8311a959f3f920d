import type { Sql } from '../../db/client.ts';
import type { ScanResult } from '../../domain/results/scan-result.ts';
import type { StreamHistory } from '../stream-log/stream-history.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import { createSqlParameters, type SqlParameters } from './criteria-sql.ts';
import { WHOLE_SCAN_RESULT } from './scan-result-columns.ts';
import { scanResultConditions } from './scan-result-conditions.ts';
import type { ScanResultQuery } from './scan-result-query.ts';

/** What subscribers of results catch up with. */
export function createScanResultHistory({ sql }: { sql: Sql }): StreamHistory<ScanResult, ScanResultQuery> {
  async function select(conditions: readonly string[], order: string, parameters: SqlParameters): Promise<ScanResult[]> {
    const text = WHOLE_SCAN_RESULT.statement(`where ${conditions.join(' and ')} ${order}`);
    return WHOLE_SCAN_RESULT.rows(await sql.unsafe(text, parameters.values as never[]).values());
  }

  return {
    between(query, after, until, limit) {
      const parameters = createSqlParameters();
      const conditions = [...scanResultConditions(query, parameters), behind(after, parameters), upTo(until, parameters)];
      return select(conditions, `order by detected_at, sequence limit ${parameters.add(limit, 'int')}`, parameters);
    },
    async newest(query, until, limit) {
      const parameters = createSqlParameters();
      const conditions = [...scanResultConditions(query, parameters), upTo(until, parameters)];
      const order = `order by detected_at desc, sequence desc limit ${parameters.add(limit, 'int')}`;
      return (await select(conditions, order, parameters)).reverse();
    },
    async count(query, after, until, limit) {
      const parameters = createSqlParameters();
      const conditions = [...scanResultConditions(query, parameters), behind(after, parameters), upTo(until, parameters)];
      const text = `select count(*) as count from (select 1 from scan_results where ${conditions.join(' and ')} limit ${parameters.add(limit, 'int')}) as counted`;
      const [row] = await sql.unsafe<{ count: number }[]>(text, parameters.values as never[]);
      return row!.count;
    },
  };
}

/** The bare comparison of the time besides the pair is what partitions are chosen by. */
function behind({ atMs, sequence }: StreamPosition, parameters: SqlParameters): string {
  const at = parameters.add(new Date(atMs), 'timestamptz');
  return `detected_at >= ${at} and (detected_at, sequence) > (${at}, ${parameters.add(sequence, 'bigint')})`;
}

function upTo({ atMs, sequence }: StreamPosition, parameters: SqlParameters): string {
  const at = parameters.add(new Date(atMs), 'timestamptz');
  return `detected_at <= ${at} and (detected_at, sequence) <= (${at}, ${parameters.add(sequence, 'bigint')})`;
}
