import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPieces } from '../../../src/server/json-pieces.ts';

describe('pieces of JSON', () => {
  it('are together what JSON.stringify says, whatever lies in what', () => {
    const json = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie('leaf'), tie('list'), tie('members'), tie('long')),
      leaf: fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined), fc.date({ noInvalidDate: true })),
      list: fc.array(tie('value'), { maxLength: 4 }),
      members: fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
      // Long enough to be cut, in few numbers.
      long: fc
        .tuple(tie('leaf'), tie('list'), fc.integer({ min: 0, max: 1_500 }))
        .map(([leaf, list, length]) => [list, ...Array.from({ length }, (_member, index) => (index % 2 === 0 ? leaf : { leaf })), list]),
    }));
    fc.assert(
      fc.property(
        json.value.filter((value) => value !== undefined),
        (value) => {
          expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are one of what is small, and many of a long list, wherever it lies', () => {
    expect([...jsonPieces({ a: [1, { b: 'c' }] })]).toEqual(['{"a":[1,{"b":"c"}]}']);
    const rows = Array.from({ length: 1_000 }, (_row, index) => ({ index, price: index / 4, symbol: 'SPX' }));
    const pieces = [...jsonPieces({ page: { edges: rows } })];
    expect(pieces.length).toBeGreaterThan(4);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(15_000);
    // One group of many buckets beside many groups of one.
    const groups = [{ buckets: rows }, ...rows.map((row) => ({ buckets: [row] }))];
    const ofGroups = [...jsonPieces({ groups })];
    expect(ofGroups.join('')).toBe(JSON.stringify({ groups }));
    expect(Math.max(...ofGroups.map((piece) => piece.length))).toBeLessThan(20_000);
  });
});
