import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRankedList } from '../../../../src/domain/filters/ranked-list.ts';

it('keeps what a sort of everything would have in front', () => {
  const rank = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(Number.NaN));
  fc.assert(
    fc.property(fc.array(fc.tuple(rank, rank), { maxLength: 40 }), fc.nat(6), (ranks, limit) => {
      const list = createRankedList<number>(limit);
      for (const [item, [first, second]] of ranks.entries()) if (list.hasPlace(first, second)) list.add(first, second, item);
      const known = (value: number) => (Number.isNaN(value) ? 99 : value);
      const sorted = ranks
        .map(([first, second], item) => ({ first: known(first), second: known(second), item }))
        .toSorted((left, right) => left.first - right.first || left.second - right.second || left.item - right.item);
      expect(list.list().map(({ item }) => item)).toEqual(sorted.slice(0, limit).map(({ item }) => item));
    }),
  );
});
