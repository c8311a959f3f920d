import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffValues } from '../../../../src/domain/filters/diff-values.ts';

describe('diffValues', () => {
  it('names each leaf that differs', () => {
    const from = { name: 'a', criteria: { metrics: { delta: { min: 0.1, max: 0.2 } }, symbols: { in: ['SPX'] }, any: [{ x: 1 }] } };
    const to = { name: 'a', criteria: { metrics: { delta: { min: 0.15 } }, symbols: { in: ['SPX', 'RUT'] }, any: [{ x: 2 }, { y: 1 }] } };
    expect(diffValues(from, to)).toEqual([
      { path: 'criteria.metrics.delta.min', from: 0.1, to: 0.15 },
      { path: 'criteria.metrics.delta.max', from: 0.2, to: undefined },
      { path: 'criteria.symbols.in', from: ['SPX'], to: ['SPX', 'RUT'] },
      { path: 'criteria.any.0.x', from: 1, to: 2 },
      { path: 'criteria.any.1', from: undefined, to: { y: 1 } },
    ]);
  });

  it('finds nothing exactly when both say the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(diffValues(a, a)).toEqual([]);
        expect(diffValues(a, b).length > 0 || isDeepStrictEqual(canonical(a), canonical(b))).toBe(true);
      }),
    );
  });
});

/** What JSON can tell apart: the order of keys and the sign of zero are not. */
function canonical(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
