import type { ScanResult } from '../../domain/results/scan-result.ts';
import { scanResultMatcher } from '../results/scan-result-matcher.ts';
import type { ScanResultQuery } from '../results/scan-result-query.ts';
import { scanResultStream } from '../results/scan-result-stream.ts';
import type { StreamHistory } from '../stream-log/stream-history.ts';
import { type FilterPrivacy, visibilityByFilter } from './row-visibility.ts';
import type { StreamSubject } from './stream-channel.ts';

/** Scan results as something to subscribe to. @param privacy null: there are no private filters */
export function scanResultSubject(
  history: StreamHistory<ScanResult, ScanResultQuery>,
  privacy: FilterPrivacy | null,
): StreamSubject<ScanResult, ScanResultQuery> {
  return {
    name: scanResultStream.name,
    positionOf: scanResultStream.position,
    keyOf: (result) => `${result.filterId} ${result.legsKey}`,
    textOf: (query) => JSON.stringify(query),
    matcher: scanResultMatcher,
    columns: [(result) => result.filterId, (result) => result.symbol, (result) => result.strategy, (result) => result.scanRunId],
    admissible: ({ criteria, filterIds, scanRunIds }) => [
      filterIds ?? null,
      criteria?.symbols?.in ?? null,
      criteria?.strategies?.in ?? null,
      scanRunIds ?? null,
    ],
    history,
    visibility: privacy && visibilityByFilter(privacy, (result) => result.filterId),
  };
}
