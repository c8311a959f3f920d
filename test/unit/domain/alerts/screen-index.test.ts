import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Screen } from '../../../../src/domain/alerts/rule-condition.ts';
import { createScreenIndex, type ScreenSubject } from '../../../../src/domain/alerts/screen-index.ts';
import { compileFilter } from '../../../../src/domain/filters/compile-filter.ts';
import type { FilterCriteria } from '../../../../src/domain/filters/filter-criteria.ts';
import type { StrategyId } from '../../../../src/domain/strategies/strategy-id.ts';
import { aResultDraft } from '../../../support/a-result-draft.ts';

const symbols = ['AAA', 'BBB', 'CCC'];
const strategies: readonly StrategyId[] = ['BULL_PUT_SPREAD', 'IRON_CONDOR', 'LONG_CALL'];
// Wide enough that many pass, and often just.
const range = fc.record({ min: fc.integer({ min: 0, max: 4 }), max: fc.integer({ min: 2, max: 6 }) }, { requiredKeys: [] });
const metrics = fc.record({ score: range, delta: range, gamma: range }, { requiredKeys: [] });
const groups = fc.array(fc.record({ metrics }, { requiredKeys: [] }), { maxLength: 1 });
const screens: fc.Arbitrary<Screen> = fc.record({
  filterId: fc.constantFrom(null, null, 'one', 'two'),
  criteria: fc.record(
    {
      symbols: fc.record({ in: fc.subarray(symbols, { minLength: 1 }) }),
      strategies: fc.record({ in: fc.subarray([...strategies], { minLength: 1 }) }),
      metrics,
      all: groups,
      any: groups,
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<FilterCriteria>,
});
const value = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 6 }) }, fc.constant(null));
const subjects: fc.Arbitrary<ScreenSubject> = fc
  .record({
    filterId: fc.constantFrom('one', 'two'),
    symbol: fc.constantFrom(...symbols),
    strategy: fc.constantFrom(...strategies),
    metrics: fc.record({ score: value, delta: value, gamma: value }),
  })
  .map((overrides) => aResultDraft(overrides));

describe('an index of screens', () => {
  it('finds what trying each finds, each once, while screens come and go and however they are arranged', () => {
    fc.assert(
      fc.property(fc.array(screens, { minLength: 5, maxLength: 40 }), fc.array(subjects, { minLength: 3, maxLength: 20 }), (all, asked) => {
        const index = createScreenIndex<number>();
        const there = new Map<number, { screen: Screen; matches: (subject: ScreenSubject) => boolean }>();
        for (const [item, screen] of all.entries()) {
          index.add(screen, item);
          const compiled = compileFilter(screen.criteria);
          const matches = (subject: ScreenSubject) =>
            (screen.filterId === null || screen.filterId === subject.filterId) && compiled.matches(subject);
          there.set(item, { screen, matches });
        }
        // More looks than a place is arranged for, so that it is arranged anew by what was seen.
        for (let look = 0; look < 1_100; look++) index.candidates(asked[look % asked.length]!, () => {});
        for (const [turn, subject] of [...asked, ...asked].entries()) {
          const found: number[] = [];
          index.candidates(subject, (item) => {
            if (there.get(item)!.matches(subject)) found.push(item);
          });
          const expected = [...there].flatMap(([item, { matches }]) => (matches(subject) ? [item] : []));
          expect(found.toSorted((one, other) => one - other)).toEqual(expected);
          const gone = there.get(turn);
          if (gone) index.remove(gone.screen, turn);
          there.delete(turn);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('visits few of many screens that have all but one bound in common, whichever that is', () => {
    const index = createScreenIndex<number>();
    for (let item = 0; item < 500; item++) {
      index.add({ filterId: null, criteria: { metrics: { score: { min: 0 }, delta: { min: item, max: item + 1 } } } }, item);
    }
    const subject = (delta: number) => aResultDraft({ metrics: { score: 50, delta } });
    for (let look = 0; look < 3_000; look++) index.candidates(subject(look % 500), () => {});
    let visited = 0;
    for (let delta = 0; delta < 500; delta++) index.candidates(subject(delta + 0.5), () => visited++);
    expect(visited).toBe(500);
  });
});
