import { METRICS, type MetricName, type MetricValues } from '../candidates/metric.ts';
import type { FilterCriteria } from '../filters/filter-criteria.ts';
import type { MetricSamples } from './metric-samples.ts';
import { type BoundRange, createRangeIndex, type RangeIndex } from './range-index.ts';

/** Screens about the same filter, underlying and strategy, found by one range of each. */
export interface ScreenBucket<T> {
  add(item: T, criteria: FilterCriteria): void;
  /** Whether it was there. */
  remove(item: T): boolean;
  size(): number;
  /** Visits those whose range the metrics lie in, and those without one. The visitor must not change the bucket. */
  candidates(metrics: MetricValues, visit: (item: T) => void): void;
  all(): Iterable<T>;
}

/** Arranged anew after as many looks as four times its screens, and not more often than this: then another range may be the one that holds fewest values. */
const FEWEST_LOOKS = 1_024;
const LOOKS_PER_SCREEN = 4;

interface Arrangement<T> {
  readonly unbounded: readonly T[];
  readonly bounded: readonly { readonly metric: MetricName; readonly ranges: RangeIndex<T> }[];
}

/** @param samples by which the most telling range of a screen is chosen */
export function createScreenBucket<T>(samples: MetricSamples): ScreenBucket<T> {
  const screens = new Map<T, readonly MetricBounds[]>();
  let arrangement: Arrangement<T> | null = null;
  let looks = 0;

  return {
    add(item, criteria) {
      screens.set(item, boundsOf(criteria));
      arrangement = null;
    },
    remove(item) {
      arrangement = null;
      return screens.delete(item);
    },
    size: () => screens.size,
    candidates(metrics, visit) {
      if (looks++ >= Math.max(FEWEST_LOOKS, screens.size * LOOKS_PER_SCREEN)) arrangement = null;
      if (arrangement === null) {
        arrangement = arrange(screens, samples);
        looks = 0;
      }
      for (const item of arrangement.unbounded) visit(item);
      for (const { metric, ranges } of arrangement.bounded) {
        const value = metrics[metric];
        if (value !== null) ranges.visit(value, visit);
      }
    },
    all: () => screens.keys(),
  };
}

interface MetricBounds {
  readonly metric: MetricName;
  readonly min: number;
  readonly max: number;
}

/** The ranges that all have to hold, those of the score first and of the others those with two bounds: of two that look alike the first is taken. */
function boundsOf(criteria: FilterCriteria): MetricBounds[] {
  const found: MetricBounds[] = [];
  collect(criteria, found);
  const rank = ({ metric, min, max }: MetricBounds) => (metric === 'score' ? 0 : Number.isFinite(min) && Number.isFinite(max) ? 1 : 2);
  return found.toSorted((one, other) => rank(one) - rank(other));
}

function collect({ metrics = {}, all = [] }: FilterCriteria, into: MetricBounds[]): void {
  for (const { name } of METRICS) {
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = metrics[name] ?? {};
    if (Number.isFinite(min) || Number.isFinite(max)) into.push({ metric: name, min, max });
  }
  for (const group of all) collect(group, into);
}

function arrange<T>(screens: ReadonlyMap<T, readonly MetricBounds[]>, samples: MetricSamples): Arrangement<T> {
  const unbounded: T[] = [];
  const byMetric = new Map<MetricName, BoundRange<T>[]>();
  for (const [item, bounds] of screens) {
    const pivot = mostTelling(bounds, samples);
    if (pivot === null) {
      unbounded.push(item);
      continue;
    }
    const ranges = byMetric.get(pivot.metric) ?? [];
    byMetric.set(pivot.metric, ranges);
    ranges.push({ min: pivot.min, max: pivot.max, item });
  }
  return { unbounded, bounded: [...byMetric].map(([metric, ranges]) => ({ metric, ranges: createRangeIndex(ranges) })) };
}

/** The range that the fewest values lie in. */
function mostTelling(bounds: readonly MetricBounds[], samples: MetricSamples): MetricBounds | null {
  let best: MetricBounds | null = null;
  let bestShare = Number.POSITIVE_INFINITY;
  for (const range of bounds) {
    const share = samples.shareWithin(range.metric, range.min, range.max);
    if (share >= bestShare) continue;
    best = range;
    bestShare = share;
  }
  return best;
}
