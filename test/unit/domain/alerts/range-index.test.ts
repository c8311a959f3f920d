import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRangeIndex } from '../../../../src/domain/alerts/range-index.ts';

const bound = fc.integer({ min: -5, max: 5 });
const ranges = fc.array(
  fc.record({
    min: fc.oneof(bound, fc.constant(Number.NEGATIVE_INFINITY)),
    max: fc.oneof(bound, fc.constant(Number.POSITIVE_INFINITY)),
  }),
  { maxLength: 40 },
);
const values = fc.oneof({ weight: 8, arbitrary: bound }, fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY));

it('an index of ranges finds those that trying each finds, once', () => {
  fc.assert(
    fc.property(ranges, fc.array(values), (all, asked) => {
      const index = createRangeIndex(all.map((range, item) => ({ ...range, item })));
      for (const value of asked) {
        const found: number[] = [];
        index.visit(value, (item) => found.push(item));
        const expected = all.flatMap(({ min, max }, item) => (value >= min && value <= max ? [item] : []));
        expect(found.toSorted((one, other) => one - other)).toEqual(expected);
      }
    }),
  );
});
