import { describe, expect, it } from 'vitest';
import { appendCandidate } from '../../../../src/domain/candidates/append-candidate.ts';
import { createCandidateBatch } from '../../../../src/domain/candidates/create-candidate-batch.ts';
import { compileFilter } from '../../../../src/domain/filters/compile-filter.ts';
import type { Filter } from '../../../../src/domain/filters/filter.ts';
import { STRATEGY_IDS, type StrategyId } from '../../../../src/domain/strategies/strategy-id.ts';
import type { ActiveFilter } from '../../../../src/services/filters/filter-registry.ts';
import { screenCandidates } from '../../../../src/services/scanner/screen-candidates.ts';

const CONTEXT = { symbol: 'SPX', expirationDate: '2026-12-18' };

function aFilterFor(...strategies: StrategyId[]): ActiveFilter {
  return { filter: {} as Filter, compiled: compileFilter({ strategies: { in: strategies } }) };
}

/** One candidate of each strategy. */
function wantedBy(filters: readonly ActiveFilter[]): StrategyId[] {
  const batch = createCandidateBatch(STRATEGY_IDS.length);
  for (const code of STRATEGY_IDS.keys()) appendCandidate(batch, code, 0);
  const wanted = new Uint8Array(batch.capacity).fill(1);
  const count = screenCandidates(batch, CONTEXT, filters, wanted, 'UNQUOTED');
  const strategies = STRATEGY_IDS.filter((_, row) => wanted[row] === 1);
  expect(count).toBe(strategies.length);
  return strategies;
}

describe('screenCandidates', () => {
  it('marks what any filter may pass', () => {
    expect(wantedBy([aFilterFor('LONG_CALL', 'LONG_PUT'), aFilterFor('LONG_PUT', 'IRON_CONDOR')])).toEqual([
      'LONG_CALL',
      'LONG_PUT',
      'IRON_CONDOR',
    ]);
  });

  it('marks nothing without a filter', () => {
    expect(wantedBy([])).toEqual([]);
  });

  it('marks all when more than half are wanted', () => {
    const half = STRATEGY_IDS.slice(0, STRATEGY_IDS.length / 2);
    expect(wantedBy([aFilterFor(...half)])).toEqual(half);
    expect(wantedBy([aFilterFor(...half), aFilterFor('LONG_STRADDLE')])).toEqual(STRATEGY_IDS);
  });

  it('marks all when there are too many filters to ask', () => {
    expect(wantedBy(Array.from({ length: 100 }, () => aFilterFor('LONG_CALL')))).toEqual(['LONG_CALL']);
    expect(wantedBy(Array.from({ length: 101 }, () => aFilterFor('LONG_CALL')))).toEqual(STRATEGY_IDS);
  });
});
