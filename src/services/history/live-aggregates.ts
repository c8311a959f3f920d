import type { Logger } from 'pino';
import type { Viewer } from '../../domain/access/viewer.ts';
import { LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';
import { createBucketClock } from '../../domain/rollups/bucket-clock.ts';
import type { RollupChanges } from '../rollups/rollup-changes.ts';
import type { RollupReader } from '../rollups/rollup-reader.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import type { DeliveryGrant } from '../subscriptions/delivery-grant.ts';
import { iterateSource } from '../subscriptions/iterate-source.ts';
import type { LiveListener } from '../subscriptions/live-group.ts';
import type { LiveItem, StreamItem } from '../subscriptions/stream-item.ts';
import { type StreamSource, toStreamSource } from '../subscriptions/stream-source.ts';
import { type AggregateFeed, type BucketChange, createAggregateFeed } from './aggregate-feed.ts';
import type { AggregateSeries, SeriesSelection } from './aggregate-request.ts';
import type { AggregateService } from './aggregate-service.ts';
import { groupKey } from './group-key.ts';
import { seriesOfChanges } from './series-of-changes.ts';

/** What somebody subscribes to; whose hidden filters do not count is asked again with every reading. */
export type LiveSelection = Omit<SeriesSelection, 'hiddenFilterIds'>;

/** Buckets as they grow and when they are final. */
export interface LiveAggregates {
  /** First the newest buckets, then at most one item each interval with the buckets that have become others; who is slow gets the newest of each. */
  subscribe(selection: LiveSelection, viewer: Viewer): StreamSource<BucketChange, AggregateSeries>;
  subscribers(): number;
  /** Selections that are read. */
  feeds(): number;
  /** Completes every subscription. */
  stop(): void;
}

export interface LiveAggregatesDeps {
  readonly aggregates: AggregateService;
  readonly reader: Pick<RollupReader, 'newestMs'>;
  readonly changes: Pick<RollupChanges, 'follow'>;
  /** Private filters of others: the same list for all from whom the same is hidden. */
  readonly hiddenFilterIds: (viewer: Viewer) => readonly string[];
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly latenessMs: number;
  /** How often each selection is read at most, milliseconds. */
  readonly intervalMs: number;
  readonly bufferBytes: number;
}

type Listener = LiveListener<BucketChange>;

interface Member {
  readonly viewer: Viewer;
  /** What is hidden from the viewer has become another: it goes on with what it may see now. */
  move(): Promise<void>;
}

/** Those who get the same. */
interface Audience {
  readonly key: string;
  readonly selection: SeriesSelection;
  readonly feed: AggregateFeed;
  readonly begun: Promise<void>;
  readonly members: Map<Listener, Member>;
  isReading: boolean;
  /** Since the last reading that did not. */
  isFailing: boolean;
}

/** Buckets that wait for a slow subscriber. */
const BUFFER = 20_000;
const NOTHING_HIDDEN: readonly string[] = [];
const NOTHING_YET = { atMs: 0, sequence: Number.MAX_SAFE_INTEGER };

export function createLiveAggregates(deps: LiveAggregatesDeps): LiveAggregates {
  const { aggregates, reader, changes, hiddenFilterIds, log, clock, latenessMs, intervalMs, bufferBytes } = deps;
  const grant: DeliveryGrant = { contract: 'LATEST', maxRatePerSecond: null, overflow: 'CONFLATE', buffer: BUFFER, bufferBytes };
  const audiences = new Map<string, Audience>();
  let timer: NodeJS.Timeout | null = null;
  let unfollow: (() => void) | null = null;
  let stopped = false;

  const hiddenFrom = ({ metric }: LiveSelection, viewer: Viewer) =>
    metric.source === 'SCAN_RESULTS' ? hiddenFilterIds(viewer) : NOTHING_HIDDEN;

  function selectionOf(live: LiveSelection, viewer: Viewer): SeriesSelection {
    return { ...live, hiddenFilterIds: hiddenFrom(live, viewer) };
  }

  /** It is another list when anything of what is private has changed, mostly for others: then what it says is compared. */
  function isStillFor({ key, selection }: Audience, viewer: Viewer): boolean {
    return hiddenFrom(selection, viewer) === selection.hiddenFilterIds || textOf(selectionOf(selection, viewer)) === key;
  }

  function audienceOf(selection: SeriesSelection): Audience {
    const key = textOf(selection);
    const known = audiences.get(key);
    if (known) return known;
    const feed = createAggregateFeed({
      selection,
      buckets: createBucketClock(selection.interval, selection.timeZone),
      aggregates,
      newestMs: () => reader.newestMs(selection.metric.source),
      clock,
      latenessMs,
    });
    const audience: Audience = { key, selection, feed, begun: feed.begin(), members: new Map(), isReading: false, isFailing: false };
    audiences.set(key, audience);
    timer ??= setInterval(tick, intervalMs);
    unfollow ??= changes.follow(({ source, buckets }) => {
      for (const known of audiences.values()) if (known.selection.metric.source === source) known.feed.note(buckets.MINUTE);
    });
    return audience;
  }

  function leave(audience: Audience, listener: Listener): void {
    audience.members.delete(listener);
    if (audience.members.size > 0) return;
    if (audiences.get(audience.key) === audience) audiences.delete(audience.key);
    if (audiences.size > 0) return;
    if (timer) clearInterval(timer);
    timer = null;
    unfollow?.();
    unfollow = null;
  }

  function tick(): void {
    for (const audience of audiences.values()) {
      if (audience.isReading || !audience.feed.isDue()) continue;
      audience.isReading = true;
      read(audience)
        .then(
          () => {
            audience.isFailing = false;
          },
          (error: Error) => failed(audience, error),
        )
        .finally(() => {
          audience.isReading = false;
        });
    }
  }

  function failed(audience: Audience, error: Error): void {
    // Trying again does not make fewer series of them.
    if (error instanceof LimitExceededError) for (const listener of audience.members.keys()) listener.onEnd(error);
    else if (!audience.isFailing) log.warn({ err: error }, 'aggregates of subscribers could not be read, trying again');
    audience.isFailing = true;
  }

  async function read(audience: Audience): Promise<void> {
    const { feed, begun, members } = audience;
    await begun;
    const after = { atMs: 0, sequence: feed.sequence() };
    const rows = await feed.read();
    const item = rows.length === 0 ? null : liveItem(rows, after, feed.sequence());
    for (const [listener, { viewer, move }] of members) {
      if (!isStillFor(audience, viewer)) await move();
      else if (item) listener.onItem(item);
    }
  }

  function told(rows: readonly BucketChange[]): StreamItem<BucketChange> {
    return { phase: 'LIVE', rows, cursor: '', missed: 0, missedSince: null, delivery: grant };
  }

  return {
    subscribe(live, viewer) {
      let joined: { readonly audience: Audience; readonly listener: Listener } | null = null;
      let joinedAt = NOTHING_YET;

      /** @returns what it begins with; null: it has left meanwhile */
      async function join(listener: Listener): Promise<readonly BucketChange[] | null> {
        const audience = audienceOf(selectionOf(live, viewer));
        const place = { audience, listener };
        joined = place;
        joinedAt = NOTHING_YET;
        audience.members.set(listener, { viewer, move: () => move(place) });
        await audience.begun;
        if (joined !== place) return null;
        joinedAt = { atMs: 0, sequence: audience.feed.sequence() };
        return audience.feed.open();
      }

      async function move({ audience, listener }: { readonly audience: Audience; readonly listener: Listener }): Promise<void> {
        leave(audience, listener);
        const open = await join(listener).catch((error: Error) => listener.onEnd(error));
        if (!open || open.length === 0) return;
        const { sequence } = joinedAt;
        joinedAt = { atMs: 0, sequence: 0 };
        listener.onItem(liveItem(open, joinedAt, sequence));
        joinedAt = { atMs: 0, sequence };
      }

      return toStreamSource(
        {
          key: textOf({ ...live, hiddenFilterIds: [] }),
          grant,
          async *catchUp(listener) {
            if (stopped) listener.onEnd(null);
            if (stopped) return;
            const open = await join(listener);
            if (open) yield told(open);
          },
          joinedAt: () => joinedAt,
          leave() {
            const place = joined;
            joined = null;
            if (place) leave(place.audience, place.listener);
          },
          toItem: ({ rows }) => told(rows),
          toPayload: ({ rows }) => seriesOfChanges(rows, selectionOf(live, viewer), clock()),
          keyOf: ({ dimensions, bucket }) => `${bucket.startMs} ${groupKey(dimensions)}`,
          sequenceOf: (row) => row.sequence,
        },
        iterateSource,
      );
    },
    subscribers: () => [...audiences.values()].reduce((sum, { members }) => sum + members.size, 0),
    feeds: () => audiences.size,
    stop() {
      stopped = true;
      for (const { members } of audiences.values()) for (const listener of members.keys()) listener.onEnd(null);
    },
  };
}

function textOf({ metric, interval, timeZone, groupBy, where, criteria, hiddenFilterIds, withPercentiles }: SeriesSelection): string {
  return JSON.stringify(['aggregates', metric.name, interval, timeZone, groupBy, where, criteria, hiddenFilterIds, withPercentiles]);
}

function liveItem(rows: readonly BucketChange[], after: StreamPosition, sequence: number): LiveItem<BucketChange> {
  const inOrder = rows.toSorted((one, other) => one.sequence - other.sequence);
  const position = { atMs: 0, sequence };
  return { rows: inOrder, firstSequence: inOrder[0]!.sequence, position, after, missed: 0, missedSince: null };
}
