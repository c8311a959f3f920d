import { LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';
import type { AggregateBucket } from '../../domain/rollups/aggregate-figures.ts';
import { bucketBounds } from '../../domain/rollups/bucket-bounds.ts';
import { createBucketClock } from '../../domain/rollups/bucket-clock.ts';
import { type AggregateTier, chooseTier, type TierChoice } from '../../domain/rollups/choose-tier.ts';
import { fillGaps } from '../../domain/rollups/fill-gaps.ts';
import { isBucketFinal, type SourceProgress } from '../../domain/rollups/finality.ts';
import { ROLLUP_INTERVALS } from '../../domain/rollups/rollup-interval.ts';
import type { RollupDimension } from '../../domain/rollups/rollup-metric.ts';
import { ROLLUP_TIERS } from '../../domain/rollups/rollup-tier.ts';
import { PERCENTILE_RELATIVE_ERROR } from '../../domain/rollups/sketch-bin.ts';
import type { RollupReader } from '../rollups/rollup-reader.ts';
import { carryOut } from '../scanner/carry-out.ts';
import type { AggregateGroup, AggregateRequest, AggregateSeries, SeriesSelection } from './aggregate-request.ts';
import { groupKey } from './group-key.ts';
import { createKnownBuckets, type KnownBucket, type KnownBucketsDeps, type KnownGroup, readDimensions } from './known-buckets.ts';
import { pastRange } from './past-range.ts';

/** In one answer, of all its series: a year of hours, two weeks of minutes. */
export const MOST_BUCKETS = 20_000;
/** Stored buckets that one series is merged from: half a year of minutes. */
const MOST_MERGED = 270_000;

export interface AggregateServiceDeps extends KnownBucketsDeps {
  readonly reader: RollupReader;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** How late rows may come, milliseconds. */
  readonly latenessMs: number;
}

export interface AggregateService {
  /**
   * Every bucket that the range touches, whole, up to now; from the coarsest tier that tells it exactly.
   * @throws ValidationError for a range that is empty or begins in the future, LimitExceededError
   */
  series(request: AggregateRequest): Promise<AggregateSeries>;
}

export function createAggregateService(deps: AggregateServiceDeps): AggregateService {
  const { reader, slicer, clock, latenessMs } = deps;
  const knownBuckets = createKnownBuckets(deps);

  return {
    async series(request) {
      const { metric, interval, timeZone, fill, groupBy } = request;
      const nowMs = clock();
      const newestMs = await reader.newestMs(metric.source);
      const { fromMs, beforeMs } = pastRange(request, Math.max(nowMs, newestMs ?? 0));
      assertWithin('buckets', MOST_BUCKETS, Math.ceil((beforeMs - fromMs) / ROLLUP_INTERVALS[interval]));
      const bounds = bucketBounds(createBucketClock(interval, timeZone), fromMs, beforeMs);
      const choice = tierFor(request, bounds);
      assertMergeable(bounds, choice.tier);
      const known = await knownBuckets(request, bounds, choice.tier, MOST_BUCKETS);
      if (known.length === 0 && groupBy.length === 0)
        known.push({ dimensions: { filterId: null, symbol: null, strategy: null }, buckets: [] });
      const buckets = fill === 'NONE' ? known.reduce((sum, group) => sum + group.buckets.length, 0) : known.length * (bounds.length - 1);
      assertWithin('buckets of all groups', MOST_BUCKETS, buckets);
      const progress: SourceProgress = { newestMs, nowMs, latenessMs };
      const groups = known.map((group) => ({ group, count: valuesOf(group), key: groupKey(group.dimensions) }));
      groups.sort((one, other) => other.count - one.count || (one.key < other.key ? -1 : 1));
      return {
        metric,
        interval,
        timeZone,
        ...choice,
        percentileRelativeError: relativeErrorOf(choice.tier),
        asOfMs: nowMs,
        groups: await carryOut(
          toGroups(
            groups.map(({ group }) => group),
            bounds,
            request,
            progress,
          ),
          slicer,
        ),
      };
    },
  };
}

/** Where a selection is read. */
export function tierFor(selection: SeriesSelection, bounds: readonly number[]): TierChoice {
  const { metric, where, criteria } = selection;
  const dimensions = new Set([...readDimensions(selection), ...(Object.keys(where) as RollupDimension[])]);
  return chooseTier({ source: metric.source, bounds, dimensions, hasCriteria: criteria !== null });
}

/** How far percentiles may be off, as a share of the value. */
export function relativeErrorOf(tier: AggregateTier): number {
  return tier === 'RAW' ? 0 : PERCENTILE_RELATIVE_ERROR;
}

function assertMergeable(bounds: readonly number[], tier: AggregateTier): void {
  if (tier === 'RAW') return;
  const cells = (bounds.at(-1)! - bounds[0]!) / ROLLUP_TIERS[tier];
  const unit = { MINUTE: 'stored minutes', HOUR: 'stored hours', DAY: 'stored days' }[tier];
  assertWithin(`${unit} to be added up (fewer in a time zone of whole hours, or a shorter range)`, MOST_MERGED, cells);
}

function assertWithin(what: string, allowed: number, asked: number): void {
  if (asked > allowed) throw new LimitExceededError(what, allowed, asked, { limit: 'aggregateBuckets' });
}

function valuesOf({ buckets }: KnownGroup): number {
  return buckets.reduce((sum, { figures }) => sum + figures.count, 0);
}

function latestUpdate(groups: readonly KnownGroup[]): number | null {
  let latest: number | null = null;
  for (const { buckets } of groups) for (const { updatedAtMs } of buckets) latest = Math.max(latest ?? 0, updatedAtMs);
  return latest;
}

/** In steps of one bucket. */
function* toGroups(
  groups: readonly KnownGroup[],
  bounds: readonly number[],
  { fill }: AggregateRequest,
  progress: SourceProgress,
): Generator<void, AggregateGroup[]> {
  const latestMs = latestUpdate(groups);
  const told: AggregateGroup[] = [];
  for (const { dimensions, buckets } of groups) {
    const of: AggregateBucket[] = [];
    for (const bucket of fillGaps(withBounds(buckets, bounds, progress), bounds, fill, (endMs) =>
      isBucketFinal(endMs, latestMs, progress),
    )) {
      of.push(bucket);
      yield;
    }
    told.push({ dimensions, buckets: of });
  }
  return told;
}

function* withBounds(
  buckets: readonly KnownBucket[],
  bounds: readonly number[],
  progress: SourceProgress,
): Generator<AggregateBucket, void> {
  for (const { index, figures, updatedAtMs } of buckets) {
    const endMs = bounds[index + 1]!;
    yield { startMs: bounds[index]!, endMs, isFinal: isBucketFinal(endMs, updatedAtMs, progress), ...figures };
  }
}
