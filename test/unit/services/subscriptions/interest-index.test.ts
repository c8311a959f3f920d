import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AdmissibleValues, createInterestIndex } from '../../../../src/services/subscriptions/interest-index.ts';

interface Row {
  readonly filter: string;
  readonly symbol: string;
}

const value = fc.constantFrom('p', 'q', 'r');
const values = fc.option(fc.array(value, { maxLength: 3 }));
const admissible = fc.tuple(values, values) satisfies fc.Arbitrary<AdmissibleValues>;

it('meets every entry that may be interested exactly once, and none that was removed', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(admissible, fc.boolean()), { maxLength: 20 }), value, value, (entries, filter, symbol) => {
      const index = createInterestIndex<Row, number>([(row) => row.filter, (row) => row.symbol]);
      for (const [number, [values]] of entries.entries()) index.add(number, values);
      for (const [number, [values, remove]] of entries.entries()) if (remove) index.remove(number, values);
      const met: number[] = [];
      index.visit({ filter, symbol }, (number) => met.push(number));
      expect(new Set(met).size).toBe(met.length);
      const required = entries.flatMap(([[filters, symbols], removed], number) =>
        !removed && (filters?.includes(filter) ?? true) && (symbols?.includes(symbol) ?? true) ? [number] : [],
      );
      expect(met).toEqual(expect.arrayContaining(required));
      expect(met.filter((number) => entries[number]![1])).toEqual([]);
    }),
  );
});

it('does not try those that are known not to be interested', () => {
  const index = createInterestIndex<Row, string>([(row) => row.filter, (row) => row.symbol]);
  index.add('other symbol', [null, ['q']]);
  index.add('other filter', [['q'], ['p', 'r']]);
  index.add('all', [null, null]);
  const met: string[] = [];
  index.visit({ filter: 'p', symbol: 'p' }, (entry) => met.push(entry));
  expect(met).toEqual(['all']);
});
