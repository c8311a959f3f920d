import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStrikeLadder, type StrikeLadder } from '../../../../src/domain/candidates/strike-ladder.ts';
import { wingPosition } from '../../../../src/domain/strategies/spread-width.ts';

function ladderOf(strikes: readonly number[]): StrikeLadder {
  const ladder = createStrikeLadder(strikes.length);
  ladder.strike.set(strikes);
  ladder.count = strikes.length;
  return ladder;
}

describe('wingPosition', () => {
  it('takes the nearest strike, the one nearer to the anchor of two equally near', () => {
    const ladder = ladderOf([80, 90, 95, 100, 105, 110, 120]);
    expect(wingPosition(ladder, 3, -1, 6)).toBe(2);
    expect(wingPosition(ladder, 3, -1, 7.5)).toBe(2);
    expect(wingPosition(ladder, 3, -1, 7.6)).toBe(1);
    expect(wingPosition(ladder, 3, 1, 500)).toBe(6);
  });

  it('takes the next strike when every strike is farther, and none beyond the last', () => {
    const ladder = ladderOf([80, 100, 120]);
    expect(wingPosition(ladder, 1, -1, 0.5)).toBe(0);
    expect(wingPosition(ladder, 0, -1, 0.5)).toBe(-1);
    expect(wingPosition(ladder, 2, 1, 0.5)).toBe(-1);
  });

  it('is what looking at every strike finds, however unevenly they lie', () => {
    const strikes = fc
      .uniqueArray(fc.integer({ min: 1, max: 3_000 }), { minLength: 2, maxLength: 50 })
      .map((list) => list.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(
        strikes,
        fc.nat(),
        fc.constantFrom<1 | -1>(1, -1),
        fc.integer({ min: 1, max: 2_000 }),
        (list, index, direction, distance) => {
          const anchor = index % list.length;
          const away = list
            .map((strike, position) => ({ position, width: (strike - list[anchor]!) * direction }))
            .filter(({ width }) => width > 0);
          const nearest = away.toSorted((a, b) => Math.abs(a.width - distance) - Math.abs(b.width - distance) || a.width - b.width)[0];
          expect(wingPosition(ladderOf(list), anchor, direction, distance)).toBe(nearest?.position ?? -1);
        },
      ),
    );
  });
});
