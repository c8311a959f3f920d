import type { Level } from './rule-condition.ts';

/** Levels of many rules on one series, sorted, so that a step of the value visits only the rules whose levels lie on its way. */
export interface LevelIndex<T> {
  add(level: Level, item: T): void;
  remove(level: Level, item: T): void;
  /**
   * Visits the items of which a comparison with a level comes out otherwise for `to` than for `from`; one with two levels on the way twice. The visitor must not change
   * the index.
   *
   * @param from NaN: no value before; then those are visited whose condition holds
   */
  crossed(from: number, to: number, visit: (item: T) => void): void;
}

/** Levels ascending, with their items at the same positions. */
interface SortedLevels<T> {
  readonly levels: number[];
  readonly items: T[];
}

export function createLevelIndex<T>(): LevelIndex<T> {
  // value ≥ level (ABOVE: to fire, and to go on) and value ≤ level (BELOW) differ where the value is the level itself.
  const above: SortedLevels<T> = { levels: [], items: [] };
  const below: SortedLevels<T> = { levels: [], items: [] };

  const sideOf = ({ direction }: Level) => (direction === 'ABOVE' ? above : below);
  const levelsOf = ({ fireAt, clearAt }: Level) => (fireAt === clearAt ? [fireAt] : [fireAt, clearAt]);

  function visitRange({ items }: SortedLevels<T>, begin: number, stop: number, visit: (item: T) => void): void {
    for (let at = begin; at < stop; at++) visit(items[at]!);
  }

  return {
    add(level, item) {
      const side = sideOf(level);
      for (const at of levelsOf(level)) {
        const position = firstAbove(side.levels, at);
        side.levels.splice(position, 0, at);
        side.items.splice(position, 0, item);
      }
    },
    remove(level, item) {
      const { levels, items } = sideOf(level);
      for (const at of levelsOf(level)) {
        let position = firstNotBelow(levels, at);
        while (levels[position] === at && items[position] !== item) position++;
        if (levels[position] !== at) continue;
        levels.splice(position, 1);
        items.splice(position, 1);
      }
    },
    crossed(from, to, visit) {
      if (from === to) return;
      const low = Number.isNaN(from) ? Number.NEGATIVE_INFINITY : Math.min(from, to);
      const high = Number.isNaN(from) ? Number.POSITIVE_INFINITY : Math.max(from, to);
      const isFirst = Number.isNaN(from);
      visitRange(above, firstAbove(above.levels, low), firstAbove(above.levels, isFirst ? to : high), visit);
      visitRange(
        below,
        firstNotBelow(below.levels, isFirst ? to : low),
        isFirst ? below.levels.length : firstNotBelow(below.levels, high),
        visit,
      );
    },
  };
}

/** Position of the first element > value. */
export function firstAbove(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Position of the first element ≥ value. */
export function firstNotBelow(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
