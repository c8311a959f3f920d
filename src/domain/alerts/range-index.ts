/** An inclusive range of numbers; infinite where it has no bound. */
export interface BoundRange<T> {
  readonly min: number;
  readonly max: number;
  readonly item: T;
}

/** Finds the ranges that hold a value without trying each. */
export interface RangeIndex<T> {
  /** @param value none is held by NaN */
  visit(value: number, visitor: (item: T) => void): void;
}

/**
 * An interval tree laid out in sorted arrays: the ranges by their lower bounds, and with the middle of each stretch the greatest upper bound of the stretch (T. Cormen
 * et al., "Introduction to Algorithms", §14.3). Made once; of n ranges, k of which hold the value, at most O(log n + k·log n) are looked at.
 */
export function createRangeIndex<T>(ranges: readonly BoundRange<T>[]): RangeIndex<T> {
  const sorted = ranges.toSorted((one, other) => compare(one.min, other.min) || compare(one.max, other.max));
  const mins = Float64Array.from(sorted, ({ min }) => min);
  const maxs = Float64Array.from(sorted, ({ max }) => max);
  const items = sorted.map(({ item }) => item);
  const greatest = new Float64Array(sorted.length);
  measure(0, sorted.length);

  function measure(begin: number, end: number): number {
    if (begin >= end) return Number.NEGATIVE_INFINITY;
    const middle = (begin + end) >> 1;
    greatest[middle] = Math.max(maxs[middle]!, measure(begin, middle), measure(middle + 1, end));
    return greatest[middle]!;
  }

  function look(begin: number, end: number, value: number, visitor: (item: T) => void): void {
    if (begin >= end) return;
    const middle = (begin + end) >> 1;
    if (greatest[middle]! < value) return;
    look(begin, middle, value, visitor);
    if (mins[middle]! > value) return;
    if (maxs[middle]! >= value) visitor(items[middle]!);
    look(middle + 1, end, value, visitor);
  }

  return {
    visit(value, visitor) {
      if (!Number.isNaN(value)) look(0, items.length, value, visitor);
    },
  };
}

/** Equal infinities are equal. */
function compare(one: number, other: number): number {
  return one === other ? 0 : one - other;
}
