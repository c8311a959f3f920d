import { compileFilter } from '../../domain/filters/compile-filter.ts';
import type { FilterSubject } from '../../domain/filters/matches-node.ts';
import type { ScanResult } from '../../domain/results/scan-result.ts';
import type { ScanResultQuery } from './scan-result-query.ts';

/** What a query looks at, besides the time, in one result. */
export type ScanResultSubject = FilterSubject & Pick<ScanResult, 'filterId' | 'scanRunId'>;

/** The same decision as the SQL of `scanResultConditions`, but for the time. */
export function scanResultMatcher(query: ScanResultQuery): (result: ScanResultSubject) => boolean {
  const criteria = query.criteria ? compileFilter(query.criteria) : null;
  const filterIds = query.filterIds ? new Set(query.filterIds) : null;
  const scanRunIds = query.scanRunIds ? new Set(query.scanRunIds) : null;
  const hiddenFilterIds = query.hiddenFilterIds ? new Set(query.hiddenFilterIds) : null;
  return (result) =>
    (filterIds === null || filterIds.has(result.filterId)) &&
    (scanRunIds === null || scanRunIds.has(result.scanRunId)) &&
    (hiddenFilterIds === null || !hiddenFilterIds.has(result.filterId)) &&
    (criteria === null || criteria.matches(result));
}
