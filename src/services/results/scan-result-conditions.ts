import { criteriaSql, type SqlParameters } from './criteria-sql.ts';
import type { ScanResultQuery } from './scan-result-query.ts';

/** SQL conditions, all of which a row of scan_results must fulfil; never none. */
export function scanResultConditions(query: ScanResultQuery, parameters: SqlParameters): string[] {
  const conditions: string[] = [];
  if (query.criteria) conditions.push(criteriaSql(query.criteria, parameters));
  if (query.filterIds) conditions.push(`filter_id = any(${parameters.add(query.filterIds, 'uuid[]')})`);
  if (query.hiddenFilterIds?.length) conditions.push(`filter_id <> all(${parameters.add(query.hiddenFilterIds, 'uuid[]')})`);
  if (query.scanRunIds) conditions.push(`scan_run_id = any(${parameters.add(query.scanRunIds, 'uuid[]')})`);
  if (query.detectedFromMs !== undefined)
    conditions.push(`detected_at >= ${parameters.add(new Date(query.detectedFromMs), 'timestamptz')}`);
  if (query.detectedBeforeMs !== undefined) {
    conditions.push(`detected_at < ${parameters.add(new Date(query.detectedBeforeMs), 'timestamptz')}`);
  }
  return conditions.length === 0 ? ['true'] : conditions;
}
