import type { MetricName } from '../candidates/metric.ts';
import type { FilterSubject } from '../filters/matches-node.ts';
import { firstAbove, firstNotBelow } from './level-index.ts';
import type { Screen } from './rule-condition.ts';

/** A scan result as screens see it. */
export interface ScreenSubject extends FilterSubject {
  readonly filterId: string;
  /** The position within its filter. */
  readonly legsKey: string;
}

/** Screens of many rules, arranged so that a result visits only those whose filter, symbols, strategies and one of whose bounds it meets. */
export interface ScreenIndex<T> {
  add(screen: Screen, item: T): void;
  remove(screen: Screen, item: T): void;
  /** Visits each screen that the subject could pass, once; the whole criteria are for the visitor to test. */
  candidates(subject: ScreenSubject, visit: (item: T) => void): void;
  /** Visits each screen that is about the subject's filter, symbol and strategy, whatever its metrics. */
  concerned(subject: Omit<ScreenSubject, 'metrics'>, visit: (item: T) => void): void;
}

/** Bounds of one metric, ascending, with their items at the same positions. */
interface SortedBounds<T> {
  readonly metric: MetricName;
  readonly isMinimum: boolean;
  readonly bounds: number[];
  readonly items: T[];
}

interface Bucket<T> {
  readonly all: Set<T>;
  readonly unbounded: Set<T>;
  readonly bounded: Map<string, SortedBounds<T>>;
}

/** A screen of more symbols times strategies than this stands in fewer buckets, for any strategy. */
const MOST_BUCKETS = 64;
const ANY = '';

export function createScreenIndex<T>(): ScreenIndex<T> {
  const buckets = new Map<string, Bucket<T>>();

  function bucketsOf({ filterId, criteria }: Screen): string[] {
    const symbols = criteria.symbols?.in ?? [ANY];
    const wanted = criteria.strategies?.in ?? [ANY];
    const strategies = symbols.length * wanted.length > MOST_BUCKETS ? [ANY] : wanted;
    return symbols.flatMap((symbol) => strategies.map((strategy) => keyOf(filterId ?? ANY, symbol, strategy)));
  }

  function lookUp({ filterId, symbol, strategy }: Omit<ScreenSubject, 'metrics'>, visit: (bucket: Bucket<T>) => void): void {
    for (let mask = 0; mask < 8; mask++) {
      const bucket = buckets.get(keyOf(mask & 1 ? filterId : ANY, mask & 2 ? symbol : ANY, mask & 4 ? strategy : ANY));
      if (bucket) visit(bucket);
    }
  }

  return {
    add(screen, item) {
      const pivot = pivotOf(screen);
      for (const key of bucketsOf(screen)) {
        const bucket = buckets.get(key) ?? { all: new Set(), unbounded: new Set(), bounded: new Map() };
        buckets.set(key, bucket);
        bucket.all.add(item);
        if (pivot === null) bucket.unbounded.add(item);
        else insert(bucket, pivot, item);
      }
    },
    remove(screen, item) {
      const pivot = pivotOf(screen);
      for (const key of bucketsOf(screen)) {
        const bucket = buckets.get(key);
        if (!bucket?.all.delete(item)) continue;
        bucket.unbounded.delete(item);
        if (pivot !== null) take(bucket, pivot, item);
        if (bucket.all.size === 0) buckets.delete(key);
      }
    },
    candidates(subject, visit) {
      lookUp(subject, (bucket) => {
        for (const item of bucket.unbounded) visit(item);
        for (const { metric, isMinimum, bounds, items } of bucket.bounded.values()) {
          const value = subject.metrics[metric];
          if (value === null || Number.isNaN(value)) continue;
          const met = isMinimum ? items.slice(0, firstAbove(bounds, value)) : items.slice(firstNotBelow(bounds, value));
          for (const item of met) visit(item);
        }
      });
    },
    concerned(subject, visit) {
      lookUp(subject, (bucket) => {
        for (const item of bucket.all) visit(item);
      });
    },
  };
}

/** No part contains a line break: filter ids and symbols are checked before. */
function keyOf(filterId: string, symbol: string, strategy: string): string {
  return `${filterId}\n${symbol}\n${strategy}`;
}

interface Pivot {
  readonly metric: MetricName;
  readonly isMinimum: boolean;
  readonly bound: number;
}

/** The bound by which a screen is found: of the score if there is one, since it is what tells most results apart; else the first. */
function pivotOf({ criteria }: Screen): Pivot | null {
  const ranges = Object.entries(criteria.metrics ?? {}) as [MetricName, { readonly min?: number; readonly max?: number }][];
  const bounded = ranges.filter(([, { min, max }]) => min !== undefined || max !== undefined);
  const chosen = bounded.find(([metric]) => metric === 'score') ?? bounded[0];
  if (!chosen) return null;
  const [metric, { min, max }] = chosen;
  return min === undefined ? { metric, isMinimum: false, bound: max! } : { metric, isMinimum: true, bound: min };
}

function insert<T>({ bounded }: Bucket<T>, { metric, isMinimum, bound }: Pivot, item: T): void {
  const key = `${metric} ${isMinimum}`;
  const sorted = bounded.get(key) ?? { metric, isMinimum, bounds: [], items: [] };
  bounded.set(key, sorted);
  const position = firstAbove(sorted.bounds, bound);
  sorted.bounds.splice(position, 0, bound);
  sorted.items.splice(position, 0, item);
}

function take<T>({ bounded }: Bucket<T>, { metric, isMinimum, bound }: Pivot, item: T): void {
  const key = `${metric} ${isMinimum}`;
  const sorted = bounded.get(key);
  if (!sorted) return;
  let position = firstNotBelow(sorted.bounds, bound);
  while (sorted.bounds[position] === bound && sorted.items[position] !== item) position++;
  if (sorted.bounds[position] !== bound) return;
  sorted.bounds.splice(position, 1);
  sorted.items.splice(position, 1);
  if (sorted.items.length === 0) bounded.delete(key);
}
