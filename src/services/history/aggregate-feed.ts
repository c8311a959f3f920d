import { LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';
import type { AggregateBucket } from '../../domain/rollups/aggregate-figures.ts';
import type { BucketClock } from '../../domain/rollups/bucket-clock.ts';
import type { SeriesDimensions } from '../../domain/rollups/rollup-cell.ts';
import { ROLLUP_INTERVALS } from '../../domain/rollups/rollup-interval.ts';
import type { AggregateSeries, SeriesSelection } from './aggregate-request.ts';
import type { AggregateService } from './aggregate-service.ts';
import { groupKey } from './group-key.ts';
import type { MomentRange } from './past-range.ts';

/** One bucket of one series that has become another. */
export interface BucketChange {
  readonly sequence: number;
  readonly dimensions: SeriesDimensions;
  readonly bucket: AggregateBucket;
  /** What it is a part of, without its groups. */
  readonly series: Omit<AggregateSeries, 'groups'>;
}

/** What one selection comes to, bucket by bucket. */
export interface AggregateFeed {
  /** Reads the newest buckets; what follows are changes to those, and newer ones. Once only. */
  begin(): Promise<void>;
  /** Buckets of these times may have become others. */
  note(changed: MomentRange): void;
  /**
   * Reads what may have changed, a part of it when it is much: then more is due at once.
   * @returns the buckets that have become others
   * @throws LimitExceededError when there are too many series, and whatever reading throws; nothing is lost then
   */
  read(): Promise<readonly BucketChange[]>;
  /** Whether there is something to read. */
  isDue(): boolean;
  /** The buckets that are not final, or were not a moment ago: what somebody begins with. */
  open(): readonly BucketChange[];
  /** Of the newest change; 0 before the first. */
  sequence(): number;
}

export interface AggregateFeedDeps {
  readonly selection: SeriesSelection;
  readonly buckets: BucketClock;
  readonly aggregates: AggregateService;
  /** Newest market time of the source, epoch milliseconds; null: nothing yet. */
  readonly newestMs: () => Promise<number | null>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly latenessMs: number;
}

/** Buckets of each series that are read at once; fewer when there are so many series that it is too much. */
const MOST_AT_ONCE = 500;
const FEWEST_AT_ONCE = 4;
/** Final buckets whose figures are remembered; others may be told again though they are the same. */
const MOST_REMEMBERED = 10_000;
/** How often it is looked at whether nothing has come for long enough to make a bucket final. */
const LEAST_FINALITY_CHECK_MS = 1_000;

export function createAggregateFeed(deps: AggregateFeedDeps): AggregateFeed {
  const { selection, buckets, aggregates, newestMs, clock, latenessMs } = deps;
  const spanMs = () => atOnce * ROLLUP_INTERVALS[selection.interval];
  const finalityCheckMs = Math.max(LEAST_FINALITY_CHECK_MS, latenessMs / 10);
  /** Figures as they were told last, by series and start. */
  const told = new Map<string, string>();
  const open = new Map<string, BucketChange>();
  /** The newest bucket of each series that has one there. */
  const newest = new Map<string, BucketChange>();
  let newestStartMs = Number.NEGATIVE_INFINITY;
  let pending: MomentRange | null = null;
  let lookedAtMs = 0;
  let atOnce = MOST_AT_ONCE;
  let sequence = 0;

  /** Takes what was read; @returns what of it is new. */
  function take({ groups, ...series }: AggregateSeries): BucketChange[] {
    const changes: BucketChange[] = [];
    for (const { dimensions, buckets: ofGroup } of groups) {
      for (const bucket of ofGroup) {
        const key = `${bucket.startMs} ${groupKey(dimensions)}`;
        const text = JSON.stringify(bucket);
        if (told.get(key) === text) continue;
        // Last in the map: what is remembered longest is forgotten first.
        told.delete(key);
        told.set(key, text);
        const change = { sequence: ++sequence, dimensions, bucket, series };
        changes.push(change);
        if (bucket.isFinal) open.delete(key);
        else open.set(key, change);
      }
    }
    for (const key of told.keys()) {
      if (told.size <= MOST_REMEMBERED) break;
      if (!open.has(key)) told.delete(key);
    }
    changes.sort((one, other) => one.bucket.startMs - other.bucket.startMs || one.sequence - other.sequence);
    for (const change of changes) {
      if (change.bucket.startMs > newestStartMs) newest.clear();
      newestStartMs = Math.max(newestStartMs, change.bucket.startMs);
      if (change.bucket.startMs === newestStartMs) newest.set(groupKey(change.dimensions), change);
    }
    return changes;
  }

  function series(range: MomentRange): Promise<AggregateSeries> {
    return aggregates.series({ ...selection, ...range, fill: 'NONE' });
  }

  /** From the first to the last of the open buckets, if that is not too much to be read at once; null: there is none. */
  function openRange(): MomentRange | null {
    let fromMs = Number.POSITIVE_INFINITY;
    let beforeMs = Number.NEGATIVE_INFINITY;
    for (const { bucket } of open.values()) {
      fromMs = Math.min(fromMs, bucket.startMs);
      beforeMs = Math.max(beforeMs, bucket.endMs);
    }
    return open.size === 0 ? null : { fromMs, beforeMs: Math.min(beforeMs, fromMs + spanMs()) };
  }

  function isFinalityDue(): boolean {
    const nowMs = clock();
    if (nowMs - lookedAtMs < finalityCheckMs) return false;
    return [...open.values()].some(({ bucket }) => bucket.endMs + latenessMs <= nowMs);
  }

  /** Of what may have changed, the parts to be read now: with a long range its newest and its oldest part, so that neither waits for the other. The rest stays. */
  function takePending(): MomentRange[] {
    if (!pending) return [];
    const { fromMs, beforeMs } = pending;
    pending = null;
    if (beforeMs - fromMs <= spanMs()) return [{ fromMs, beforeMs }];
    const newestFromMs = buckets.startOf(beforeMs - spanMs());
    const oldestBeforeMs = Math.min(newestFromMs, buckets.startOf(fromMs + spanMs()));
    if (oldestBeforeMs < newestFromMs) pending = { fromMs: oldestBeforeMs, beforeMs: newestFromMs };
    return [
      { fromMs, beforeMs: oldestBeforeMs },
      { fromMs: newestFromMs, beforeMs },
    ];
  }

  function note({ fromMs, beforeMs }: MomentRange): void {
    pending = {
      fromMs: Math.min(pending?.fromMs ?? fromMs, fromMs),
      beforeMs: Math.max(pending?.beforeMs ?? beforeMs, beforeMs),
    };
  }

  return {
    async begin() {
      lookedAtMs = clock();
      const fromMs = (await newestMs()) ?? lookedAtMs;
      take(await series({ fromMs, beforeMs: fromMs + 1 }));
    },
    note,
    async read() {
      const parts = takePending();
      const finishing = openRange();
      const isRead = parts.some(({ fromMs, beforeMs }) => finishing && fromMs <= finishing.fromMs && beforeMs >= finishing.beforeMs);
      const ranges = finishing && !isRead ? [...parts, finishing] : parts;
      lookedAtMs = clock();
      const changes: BucketChange[] = [];
      for (const [index, range] of ranges.entries()) {
        try {
          changes.push(...take(await series(range)));
        } catch (error) {
          // It is read the next time, with what lies behind it; what has been taken is told.
          for (const part of parts.slice(index)) note(part);
          if (changes.length > 0) return changes;
          if (!(error instanceof LimitExceededError) || atOnce <= FEWEST_AT_ONCE) throw error;
          atOnce = Math.max(FEWEST_AT_ONCE, Math.floor(atOnce / 4));
          return [];
        }
      }
      atOnce = Math.min(MOST_AT_ONCE, 2 * atOnce);
      return changes;
    },
    isDue: () => pending !== null || isFinalityDue(),
    open: () => [...new Set([...open.values(), ...newest.values()])].sort((one, other) => one.bucket.startMs - other.bucket.startMs),
    sequence: () => sequence,
  };
}
