import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCandidateBatch } from '../../../../src/domain/candidates/create-candidate-batch.ts';
import { METRICS } from '../../../../src/domain/candidates/metric.ts';
import { SCREENED_METRICS, type ScreeningStage } from '../../../../src/domain/candidates/screened-metrics.ts';
import { compileFilter } from '../../../../src/domain/filters/compile-filter.ts';
import type { FilterCriteria } from '../../../../src/domain/filters/filter-criteria.ts';
import type { FilterSubject } from '../../../../src/domain/filters/matches-node.ts';
import { batchOf } from './batch-of.ts';
import { anyCriteria, metricValues, subjects } from './filter-arbitraries.ts';

/** The meaning of criteria, word by word from their documentation. */
function holds(criteria: FilterCriteria, { symbol, strategy, expiration, metrics }: FilterSubject): boolean {
  const stated: boolean[] = [];
  if (criteria.symbols?.in) stated.push(criteria.symbols.in.includes(symbol));
  if (criteria.symbols?.notIn) stated.push(!criteria.symbols.notIn.includes(symbol));
  if (criteria.strategies?.in) stated.push(criteria.strategies.in.includes(strategy));
  if (criteria.strategies?.notIn) stated.push(!criteria.strategies.notIn.includes(strategy));
  if (criteria.expiration?.min) stated.push(Date.parse(expiration) >= Date.parse(criteria.expiration.min));
  if (criteria.expiration?.max) stated.push(Date.parse(expiration) <= Date.parse(criteria.expiration.max));
  for (const { name } of METRICS) {
    const range = criteria.metrics?.[name];
    const value = metrics[name];
    if (range?.isNull === true) stated.push(value === null);
    if (range?.isNull === false) stated.push(value !== null);
    if (range?.min !== undefined) stated.push(value !== null && value >= range.min);
    if (range?.max !== undefined) stated.push(value !== null && value <= range.max);
  }
  const groups = (list: readonly FilterCriteria[] | undefined) =>
    (list ?? []).map((group) => holds(group, { symbol, strategy, expiration, metrics }));
  const any = groups(criteria.any);
  return [...stated, ...groups(criteria.all), any.length === 0 || any.includes(true), !groups(criteria.none).includes(true)].every(Boolean);
}

const STAGES: readonly ScreeningStage[] = ['UNQUOTED', 'QUOTED'];

describe('compileFilter', () => {
  it('answers the same when it is told what all candidates have in common', () => {
    fc.assert(
      fc.property(
        anyCriteria,
        fc.array(subjects, { minLength: 1, maxLength: 12 }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.constantFrom(null, 40, 60),
        fc.constantFrom(null, 40, 60),
        (criteria, list, days, ivRank, ivPercentile) => {
          const { symbol, expiration } = list[0]!;
          const batch = batchOf(
            list.map(({ metrics, ...same }) => ({ ...same, metrics: { ...metrics, daysToExpiration: days, ivRank, ivPercentile } })),
          );
          const shared = { daysToExpiration: days, ivRank: ivRank ?? Number.NaN, ivPercentile: ivPercentile ?? Number.NaN };
          const context = { symbol, expirationDate: expiration };
          // Once as it comes, and once where every group asks for days that are hard to tell from the edge.
          for (const wish of [
            criteria,
            { ...criteria, none: [{ metrics: { daysToExpiration: { min: days, max: days + 1 } }, any: [criteria] }] },
            { any: [{ metrics: { ivRank: { min: 50 } } }, { metrics: { ivRank: { isNull: true } }, all: [criteria] }] },
            { none: [{ metrics: { ivPercentile: { isNull: false, max: 50 } } }], all: [criteria] },
          ]) {
            const filter = compileFilter(wish);
            const [without, told] = [new Uint8Array(list.length), new Uint8Array(list.length)];
            expect(filter.apply(batch, { ...context, ...shared }, told)).toBe(filter.apply(batch, context, without));
            expect(told).toEqual(without);
          }
        },
      ),
    );
  });

  it.each(STAGES)('screens by some of the metrics (%s) and loses nothing that it passes by all of them', (stage) => {
    fc.assert(
      fc.property(anyCriteria, fc.array(subjects, { minLength: 1, maxLength: 12 }), (criteria, list) => {
        const { symbol, expiration } = list[0]!;
        const context = { symbol, expirationDate: expiration };
        const batch = batchOf(list);
        const filter = compileFilter(criteria);
        const [passed, wanted] = [new Uint8Array(list.length), new Uint8Array(list.length)];
        filter.apply(batch, context, passed);
        // What is not screened is not there yet.
        for (const [index, { name }] of METRICS.entries()) if (!SCREENED_METRICS[stage].has(name)) batch.metrics[index]!.fill(Number.NaN);
        expect(filter.screen(batch, context, wanted, stage)).toBe(wanted.reduce((sum, mark) => sum + mark, 0));
        expect(passed.every((mark, row) => mark <= wanted[row]!)).toBe(true);
        expect(filter.screen(batch, context, wanted, stage)).toBe(0);
      }),
    );
  });

  it.each(STAGES)('screens by each metric that is there (%s) and by no other', (stage) => {
    const ones = metricValues(Object.fromEntries(METRICS.map(({ name }) => [name, 1])));
    const batch = batchOf([{ symbol: 'SPX', strategy: 'LONG_CALL', expiration: '2026-12-18', metrics: ones }]);
    const isScreened = (criteria: FilterCriteria) =>
      compileFilter(criteria).screen(batch, { symbol: 'SPX', expirationDate: '2026-12-18' }, new Uint8Array(1), stage) === 0;
    for (const { name } of METRICS) {
      const isThere = SCREENED_METRICS[stage].has(name);
      expect(isScreened({ metrics: { [name]: { min: 2 } } })).toBe(isThere);
      expect(isScreened({ metrics: { [name]: { isNull: true } } })).toBe(isThere);
      expect(isScreened({ all: [{ any: [{ metrics: { [name]: { min: 2 } } }] }] })).toBe(isThere);
      expect(isScreened({ none: [{ metrics: { [name]: { min: 1 } } }] })).toBe(isThere);
      expect(isScreened({ none: [{ metrics: { underlyingPrice: { min: 1 } }, any: [{ metrics: { [name]: { min: 1 } } }] }] })).toBe(
        isThere,
      );
    }
  });

  it('answers over columns and over results what the criteria mean', () => {
    fc.assert(
      fc.property(anyCriteria, fc.array(subjects, { minLength: 1, maxLength: 12 }), (criteria, list) => {
        const { symbol, expiration } = list[0]!;
        const candidates = list.map((subject) => ({ ...subject, symbol, expiration }));
        const expected = candidates.map((subject) => holds(criteria, subject));
        const filter = compileFilter(criteria);
        const selection = new Uint8Array(candidates.length + 3).fill(9);
        for (const _ of ['first', 'again']) {
          const count = filter.apply(batchOf(candidates), { symbol, expirationDate: expiration }, selection);
          expect([...selection.subarray(0, candidates.length)]).toEqual(expected.map(Number));
          expect(count).toBe(expected.filter(Boolean).length);
        }
        expect([...selection.subarray(candidates.length)]).toEqual([9, 9, 9]);
        expect(candidates.map((subject) => filter.matches(subject))).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  const subject: FilterSubject = {
    symbol: 'SPX',
    strategy: 'IRON_CONDOR',
    expiration: '2024-02-16',
    metrics: metricValues({ delta: 0.1, shortDelta: 0.2, ivRank: null }),
  };

  it('matches everything when nothing is stated', () => {
    expect(compileFilter({}).matches(subject)).toBe(true);
  });

  it.each<[string, FilterCriteria, boolean]>([
    ['a bound is inclusive below', { metrics: { shortDelta: { min: 0.2 } } }, true],
    ['a bound is inclusive above', { metrics: { shortDelta: { max: 0.2 } } }, true],
    ['an unknown value lies in no range', { metrics: { ivRank: { min: -1e9 } } }, false],
    ['an unknown value is null', { metrics: { ivRank: { isNull: true } } }, true],
    ['a known value is not null', { metrics: { delta: { isNull: true } } }, false],
    ['a group that cannot be decided does not exclude', { none: [{ metrics: { ivRank: { max: 50 } } }] }, true],
    ['a group that holds excludes', { none: [{ metrics: { delta: { max: 50 } } }] }, false],
    ['one of any is enough', { any: [{ symbols: { in: ['RUT'] } }, { symbols: { in: ['SPX'] } }] }, true],
    ['none of any is not', { any: [{ symbols: { in: ['RUT'] } }] }, false],
    ['dates are inclusive', { expiration: { min: '2024-02-16', max: '2024-02-16' } }, true],
    ['a date before', { expiration: { max: '2024-02-15' } }, false],
    ['an excluded strategy', { strategies: { notIn: ['IRON_CONDOR'] } }, false],
  ])('%s', (_, criteria, expected) => {
    expect(compileFilter(criteria).matches(subject)).toBe(expected);
  });

  it('grows with the batches it is given', () => {
    const filter = compileFilter({ any: [{ metrics: { shortDelta: { min: 0.2 } } }] });
    const context = { symbol: 'SPX', expirationDate: '2024-02-16' };
    for (const length of [1, 50, 3]) {
      const selection = new Uint8Array(length);
      expect(filter.apply(batchOf(Array.from({ length }, () => subject)), context, selection)).toBe(length);
    }
  });

  it('selects nothing of an empty batch', () => {
    expect(compileFilter({}).apply(createCandidateBatch(5), { symbol: 'SPX', expirationDate: '2024-02-16' }, new Uint8Array(5))).toBe(0);
  });
});
