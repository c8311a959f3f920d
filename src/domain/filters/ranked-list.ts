/** The few things of the lowest rank among many. Ranks are two numbers, the second for equal first ones; NaN ranks behind everything. */
export interface RankedList<T> {
  /** Whether there is a place for it: only then it is worth making what `add` takes. */
  hasPlace(first: number, second: number): boolean;
  /** To be called where `hasPlace` said so. */
  add(first: number, second: number, item: T): void;
  /** Lowest rank first. */
  list(): readonly RankedItem<T>[];
}

export interface RankedItem<T> {
  readonly first: number;
  readonly second: number;
  readonly item: T;
}

/** @param limit places, 0 or more; few: they are walked through */
export function createRankedList<T>(limit: number): RankedList<T> {
  const items: RankedItem<T>[] = [];

  return {
    hasPlace(first, second) {
      if (items.length < limit) return true;
      const last = items[limit - 1];
      return last !== undefined && isBefore(first, second, last);
    },
    add(first, second, item) {
      let place = items.length;
      while (place > 0 && isBefore(first, second, items[place - 1]!)) place--;
      items.splice(place, 0, { first: ranked(first), second: ranked(second), item });
      if (items.length > limit) items.pop();
    },
    list: () => items,
  };
}

function isBefore(first: number, second: number, than: RankedItem<unknown>): boolean {
  const mine = ranked(first);
  return mine < than.first || (mine === than.first && ranked(second) < than.second);
}

function ranked(value: number): number {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}
