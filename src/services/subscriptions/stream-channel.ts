import type { Viewer } from '../../domain/access/viewer.ts';
import type { StreamRow } from '../stream-log/stream-definition.ts';
import type { StreamFollower } from '../stream-log/stream-follower.ts';
import type { StreamHistory } from '../stream-log/stream-history.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import { ChannelSource, type SharedChannel } from './channel-source.ts';
import type { DeliveryGrant } from './delivery-grant.ts';
import { type AdmissibleValues, createInterestIndex } from './interest-index.ts';
import { createLiveGroup, type LiveGroup, type LiveListener } from './live-group.ts';
import type { RowVisibility } from './row-visibility.ts';
import type { StreamItem } from './stream-item.ts';
import type { StreamSource } from './stream-source.ts';

/** What is particular to the rows of one stream. */
export interface StreamSubject<Row extends StreamRow, Interest> {
  readonly name: string;
  positionOf(row: Row): StreamPosition;
  /** Rows of one key replace each other where only the newest counts. */
  keyOf(row: Row): string;
  /** Equal texts mean equal interests. */
  textOf(interest: Interest): string;
  matcher(interest: Interest): (row: Row) => boolean;
  /** The columns by which interests are found, and what an interest admits of each. */
  readonly columns: readonly ((row: Row) => string)[];
  admissible(interest: Interest): AdmissibleValues;
  readonly history: StreamHistory<Row, Interest>;
  /** Null: every row is for everybody who may subscribe. */
  readonly visibility: RowVisibility<Row, Interest> | null;
}

export interface SubscribeRequest {
  /** Cursor to go on from; then the snapshot is of no interest. */
  readonly after: string | null;
  /** Newest rows to begin with. */
  readonly snapshot: number;
  readonly grant: DeliveryGrant;
  /** Who subscribes; null: somebody who sees only what everybody does. */
  readonly viewer: Viewer | null;
}

/** All live subscriptions of one stream in this process. */
export interface StreamChannel<Row, Interest> {
  /** Nothing happens before the source is read. @throws MalformedCursorError */
  subscribe(interest: Interest, request: SubscribeRequest): StreamSource<Row, StreamItem<Row>>;
  subscribers(): number;
  /** Groups that want the same rows in the same way. */
  groups(): number;
  /** Ends the subscriptions that are given an error. @param errorOf null: goes on */
  endWhere(errorOf: (interest: Interest, viewer: Viewer | null) => Error | null): void;
  /** Completes every subscription. */
  stop(): void;
}

export interface StreamChannelDeps<Row extends StreamRow, Interest> {
  readonly subject: StreamSubject<Row, Interest>;
  readonly follower: StreamFollower<Row>;
  /** The newest committed position. */
  readonly head: () => Promise<StreamPosition>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Most rows of interest that are replayed; who missed more is told so. */
  readonly replayLimit: number;
}

export function createStreamChannel<Row extends StreamRow, Interest>(deps: StreamChannelDeps<Row, Interest>): StreamChannel<Row, Interest> {
  const { subject, follower, head, now, replayLimit } = deps;
  const { keyOf, positionOf, visibility } = subject;
  const sequenceOf = (row: Row) => row.sequence;
  const index = createInterestIndex<Row, LiveGroup<Row>>(subject.columns);
  const groups = new Map<string, LiveGroup<Row>>();
  const open = new Set<ChannelSource<Row, Interest>>();
  let stopped = false;

  const unfollow = follower.follow((rows) => {
    const touched: LiveGroup<Row>[] = [];
    for (const row of rows) {
      index.visit(row, (group) => {
        if (group.offer(row)) touched.push(group);
      });
    }
    const position = positionOf(rows.at(-1)!);
    for (const group of touched) group.endBatch(position);
  });

  function join(key: string, interest: Interest, { grant, viewer }: SubscribeRequest, listener: LiveListener<Row>): () => void {
    let group = groups.get(key);
    if (!group) {
      group = createLiveGroup({
        matches: subject.matcher(interest),
        visibility,
        grant,
        keyOf,
        sequenceOf,
        position: follower.position(),
        now,
      });
      groups.set(key, group);
      index.add(group, subject.admissible(interest));
    }
    const joined = group;
    joined.add(listener, viewer);
    return () => {
      joined.remove(listener);
      if (joined.size() > 0 || groups.get(key) !== joined) return;
      groups.delete(key);
      index.remove(joined, subject.admissible(interest));
    };
  }

  const shared: SharedChannel<Row, Interest> = { subject, follower, head, replayLimit, open, isStopped: () => stopped, join };

  return {
    subscribe(interest, request) {
      const key = JSON.stringify([subject.name, subject.textOf(interest), request.grant]);
      return new ChannelSource(shared, key, interest, request);
    },
    subscribers: () => open.size,
    groups: () => groups.size,
    endWhere(errorOf) {
      for (const source of open) {
        const error = source.errorBy(errorOf);
        if (error !== null) source.end(error);
      }
    },
    stop() {
      stopped = true;
      unfollow();
      for (const source of open) source.end(null);
    },
  };
}
