import type { Sql } from '../../db/client.ts';
import { estimateRows } from '../exports/estimate-rows.ts';
import { createSqlParameters } from './criteria-sql.ts';
import { scanResultConditions } from './scan-result-conditions.ts';
import type { ScanResultQuery } from './scan-result-query.ts';

/** About how many results there are, without counting them. */
export function estimateScanResults(sql: Sql, query: ScanResultQuery): Promise<number> {
  const parameters = createSqlParameters();
  return estimateRows(sql, 'scan_results', scanResultConditions(query, parameters), parameters);
}
