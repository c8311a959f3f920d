import type { StrategyId } from '../strategies/strategy-id.ts';
import type { ScanReportDraft, ScanTally } from './scan-report.ts';
import type { ScanResultDraft } from './scan-result.ts';

const NOTHING: ScanTally = { selected: 0, results: 0, bestScore: null };

/**
 * What a scan selected, by filter and by strategy.
 *
 * @param filterIds the filters that were applied: those that selected nothing are told as such
 * @param fresh those of the drafts that are stored
 */
export function tallyResults(
  filterIds: Iterable<string>,
  drafts: readonly ScanResultDraft[],
  fresh: ReadonlySet<ScanResultDraft>,
): Pick<ScanReportDraft, 'filters' | 'strategies'> {
  const filters: Record<string, ScanTally> = Object.fromEntries([...filterIds].map((id) => [id, NOTHING]));
  const strategies: Partial<Record<StrategyId, ScanTally>> = {};
  for (const draft of drafts) {
    const { filterId, strategy } = draft;
    if (filters[filterId]) filters[filterId] = plus(filters[filterId], draft, fresh);
    strategies[strategy] = plus(strategies[strategy] ?? NOTHING, draft, fresh);
  }
  return { filters, strategies };
}

function plus({ selected, results, bestScore }: ScanTally, draft: ScanResultDraft, fresh: ReadonlySet<ScanResultDraft>): ScanTally {
  const { score } = draft.metrics;
  return {
    selected: selected + 1,
    results: results + (fresh.has(draft) ? 1 : 0),
    bestScore: score === null ? bestScore : Math.max(score, bestScore ?? score),
  };
}
