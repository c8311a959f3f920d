import type { AggregateBucket } from '../../domain/rollups/aggregate-figures.ts';
import { createBucketClock } from '../../domain/rollups/bucket-clock.ts';
import type { SeriesDimensions } from '../../domain/rollups/rollup-cell.ts';
import type { BucketChange } from './aggregate-feed.ts';
import type { AggregateSeries, SeriesSelection } from './aggregate-request.ts';
import { relativeErrorOf, tierFor } from './aggregate-service.ts';
import { groupKey } from './group-key.ts';

/** The series that changes are of, with nothing but those: of several of one bucket the last. @param nowMs epoch milliseconds */
export function seriesOfChanges(changes: readonly BucketChange[], selection: SeriesSelection, nowMs: number): AggregateSeries {
  const groups = new Map<string, { dimensions: SeriesDimensions; byStart: Map<number, AggregateBucket> }>();
  for (const { dimensions, bucket } of changes) {
    const key = groupKey(dimensions);
    const group = groups.get(key) ?? { dimensions, byStart: new Map<number, AggregateBucket>() };
    groups.set(key, group);
    group.byStart.set(bucket.startMs, bucket);
  }
  return {
    ...(changes.at(-1)?.series ?? withoutBuckets(selection, nowMs)),
    groups: Array.from(groups.values(), ({ dimensions, byStart }) => ({
      dimensions,
      buckets: [...byStart.values()].sort((one, other) => one.startMs - other.startMs),
    })),
  };
}

function withoutBuckets(selection: SeriesSelection, nowMs: number): Omit<AggregateSeries, 'groups'> {
  const { metric, interval, timeZone } = selection;
  const clock = createBucketClock(interval, timeZone);
  const startMs = clock.startOf(nowMs);
  const choice = tierFor(selection, [startMs, clock.endOf(startMs)]);
  return { metric, interval, timeZone, ...choice, percentileRelativeError: relativeErrorOf(choice.tier), asOfMs: nowMs };
}
