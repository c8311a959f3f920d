import type { AggregateBucket, AggregateFigures } from './aggregate-figures.ts';

/**
 * What stands for buckets without values. NONE: nothing, they are left out. NULL: a bucket whose figures are not known. ZERO: one whose figures are 0. PREVIOUS: one in
 * which the last value before goes on, as a price does while nobody trades.
 */
export const FILL_MODES = ['NONE', 'NULL', 'PREVIOUS', 'ZERO'] as const;
export type FillMode = (typeof FILL_MODES)[number];

const UNKNOWN: AggregateFigures = figures(null, null);
const ZERO: AggregateFigures = figures(0, 0);

/**
 * @param known buckets with values, ascending
 * @param bounds of all buckets, see bucketBounds
 * @param isFinal of a bucket without values that ends there
 * @returns one for each two bounds, one after the other; those known if mode is NONE. Before the first value nothing goes on: nothing is looked up before the bounds
 */
export function* fillGaps(
  known: Iterable<AggregateBucket>,
  bounds: readonly number[],
  mode: FillMode,
  isFinal: (endMs: number) => boolean,
): Generator<AggregateBucket, void> {
  if (mode === 'NONE') {
    yield* known;
    return;
  }
  const next = known[Symbol.iterator]();
  let bucket = next.next().value;
  let lastValue: number | null = null;
  for (let index = 0; index + 1 < bounds.length; index++) {
    const startMs = bounds[index]!;
    if (bucket?.startMs === startMs) {
      yield bucket;
      lastValue = bucket.last;
      bucket = next.next().value;
      continue;
    }
    const endMs = bounds[index + 1]!;
    const stand = mode === 'ZERO' ? ZERO : mode === 'PREVIOUS' && lastValue !== null ? figures(lastValue, null) : UNKNOWN;
    yield { startMs, endMs, isFinal: isFinal(endMs), ...stand };
  }
}

/** Of nothing: each figure that is a value of its own is the given one. */
function figures(value: number | null, spread: number | null): AggregateFigures {
  return {
    count: 0,
    sum: spread,
    avg: value,
    min: value,
    max: value,
    first: value,
    last: value,
    stddev: spread,
    p50: value,
    p95: value,
    p99: value,
  };
}
