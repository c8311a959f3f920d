import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../../../src/domain/filters/compile-filter.ts';
import { createCriteriaPreviewer } from '../../../../src/domain/filters/preview-criteria.ts';
import { batchOf } from './batch-of.ts';
import { anyCriteria, metricValues, subjects } from './filter-arbitraries.ts';

function ended<T>(steps: Generator<undefined, T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

describe('createCriteriaPreviewer', () => {
  it('counts the same over candidates in columns and over results', () => {
    fc.assert(
      fc.property(anyCriteria, fc.array(subjects, { minLength: 1, maxLength: 12 }), (criteria, list) => {
        const { symbol, expiration } = list[0]!;
        const alike = list.map((subject) => ({ ...subject, symbol, expiration }));
        const overResults = createCriteriaPreviewer(criteria);
        for (const subject of alike) overResults.addResult(subject);
        const overColumns = createCriteriaPreviewer(criteria);
        ended(overColumns.addBatch(batchOf(alike), { symbol, expirationDate: expiration }));
        const preview = ended(overResults.finish());
        expect(ended(overColumns.finish())).toEqual(preview);
        expect(preview.matching).toBe(alike.filter(compileFilter(criteria).matches).length);
        for (const { passing, matchingWithout } of preview.criteria) {
          expect(matchingWithout).toBeGreaterThanOrEqual(preview.matching);
          expect(passing).toBeGreaterThanOrEqual(preview.matching);
        }
      }),
    );
  });

  it('tells which criterion decides, and how its metric spreads', () => {
    const previewer = createCriteriaPreviewer({ symbols: { in: ['SPX'] }, metrics: { delta: { min: 0.5 }, ivRank: { max: 100 } } });
    for (let i = 0; i < 100; i++) {
      const metrics = metricValues({ delta: i / 100, ivRank: i === 0 ? null : i });
      previewer.addResult({ symbol: 'SPX', strategy: 'LONG_CALL', expiration: '2024-01-19', metrics });
    }
    const { considered, matching, criteria } = ended(previewer.finish());
    expect({ considered, matching }).toEqual({ considered: 100, matching: 50 });
    expect(criteria.map(({ expected, passing, matchingWithout }) => [expected, passing, matchingWithout])).toEqual([
      ['symbol one of SPX', 100, 50],
      ['delta ≥ 0.5', 50, 99],
      ['ivRank ≤ 100', 99, 50],
    ]);
    expect(criteria[0]!.histogram).toBeNull();
    expect(criteria[2]!.histogram).toMatchObject({ count: 99, unknown: 1, min: 1, max: 99, median: 50 });
  });
});
