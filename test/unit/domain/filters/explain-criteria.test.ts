import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../../../src/domain/filters/compile-filter.ts';
import { explainCriteria } from '../../../../src/domain/filters/explain-criteria.ts';
import { parseFilterCriteria } from '../../../../src/domain/filters/parse-filter-criteria.ts';
import { anyCriteria, metricValues, subjects } from './filter-arbitraries.ts';

const subject = {
  symbol: 'SPX',
  strategy: 'IRON_CONDOR',
  expiration: '2024-01-19',
  metrics: metricValues({ delta: 0.25, shortDelta: null, ivRank: 40 }),
} as const;

const told = (criteria: Parameters<typeof explainCriteria>[0]) =>
  explainCriteria(criteria, subject).failed.map(({ criterion, expected, value, distance }) => [criterion.path, expected, value, distance]);

describe('explainCriteria', () => {
  it('agrees with the predicate, and names what failed exactly when something did', () => {
    fc.assert(
      fc.property(anyCriteria, subjects, (input, candidate) => {
        const parsed = parseFilterCriteria(input);
        fc.pre(parsed.kind === 'valid');
        const explained = explainCriteria(parsed.criteria, candidate);
        expect(explained.matches).toBe(compileFilter(parsed.criteria).matches(candidate));
        expect(explained.failed.length === 0).toBe(explained.matches);
        expect(explained.failed.every((verdict) => !verdict.passed)).toBe(true);
      }),
    );
  });

  it('tells each failed criterion with what was there, the bound, and how far off it is', () => {
    expect(told({ symbols: { notIn: ['SPX', 'RUT'] }, metrics: { delta: { min: 0.5, max: 0.75 }, shortDelta: { min: 0.1 } } })).toEqual([
      ['symbols', 'symbol none of SPX, RUT', 'SPX', null],
      ['metrics.delta', '0.5 ≤ delta ≤ 0.75', 0.25, 0.25],
      ['metrics.shortDelta', 'shortDelta ≥ 0.1', null, null],
    ]);
  });

  it('names all ways out of groups of which one would do, and nothing of them when one holds', () => {
    const any = [{ metrics: { ivRank: { min: 50 } } }, { strategies: { in: ['LONG_CALL' as const] } }];
    expect(told({ any })).toEqual([
      ['any.0.metrics.ivRank', 'ivRank ≥ 50', 40, 10],
      ['any.1.strategies', 'strategy one of LONG_CALL', 'IRON_CONDOR', null],
    ]);
    expect(told({ any: [...any, { symbols: { in: ['SPX'] } }] })).toEqual([]);
  });

  it('names a group that holds and must not, as a whole', () => {
    expect(
      told({ none: [{ symbols: { in: ['SPX'] }, any: [{ metrics: { delta: { max: 1 } } }, { expiration: { max: '2023-01-01' } }] }] }),
    ).toEqual([['none.0', 'not (symbol one of SPX and (delta ≤ 1 or expiration ≤ 2023-01-01))', null, null]]);
    expect(told({ none: [{}] })).toEqual([['none.0', 'not (anything)', null, null]]);
  });

  it('shows passed criteria too', () => {
    const { verdicts } = explainCriteria({ metrics: { delta: { min: 0.25 } }, all: [{ metrics: { ivRank: { isNull: true } } }] }, subject);
    expect(verdicts.map(({ criterion, passed }) => [criterion.path, passed])).toEqual([
      ['metrics.delta', true],
      ['all.0.metrics.ivRank', false],
    ]);
  });
});
