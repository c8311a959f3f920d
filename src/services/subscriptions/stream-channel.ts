import type { Viewer } from '../../domain/access/viewer.ts';
import { decodePosition, encodePosition } from '../stream-log/cursor.ts';
import { MalformedCursorError } from '../stream-log/malformed-cursor-error.ts';
import type { StreamRow } from '../stream-log/stream-definition.ts';
import type { StreamFollower } from '../stream-log/stream-follower.ts';
import type { StreamHistory } from '../stream-log/stream-history.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import type { DeliveryGrant } from './delivery-grant.ts';
import { type AdmissibleValues, createInterestIndex } from './interest-index.ts';
import { iterateSource } from './iterate-source.ts';
import { createLiveGroup, type LiveGroup, type LiveListener } from './live-group.ts';
import type { RowVisibility } from './row-visibility.ts';
import type { LiveItem, StreamItem, StreamPhase } from './stream-item.ts';
import { type StreamSource, type StreamSourceParts, toStreamSource } from './stream-source.ts';

/** Rows of one page of a replay: small enough to serialise within a few milliseconds. */
const PAGE_ROWS = 100;
/** Beyond this many, missed rows are not counted any more: after an outage many subscribers ask at the same time. */
const COUNTED_ROWS = 100_000;

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
  const { keyOf, positionOf, history, visibility } = subject;
  const sequenceOf = (row: Row) => row.sequence;
  const index = createInterestIndex<Row, LiveGroup<Row>>(subject.columns);
  const groups = new Map<string, LiveGroup<Row>>();
  const open = new Set<{ end(error: Error | null): void }>();
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

  async function checkAgainstHead(position: StreamPosition): Promise<void> {
    if (position.sequence <= follower.position().sequence) return;
    // Another process may have told more than this one has heard of yet; nobody can have told more than there is.
    const newest = await head();
    if (position.sequence > newest.sequence) {
      throw new MalformedCursorError(
        `expected a cursor of this stream, whose newest number is ${newest.sequence}, got one of number ${position.sequence}`,
      );
    }
  }

  function subscribe(interest: Interest, request: SubscribeRequest): StreamSource<Row, StreamItem<Row>> {
    const { grant, snapshot, viewer } = request;
    const after = request.after === null ? null : decodePosition(request.after);
    const key = JSON.stringify([subject.name, subject.textOf(interest), grant]);
    const isWanted = subject.matcher(interest);
    const isShown = (row: Row) => !visibility?.isPrivate(row) || (viewer !== null && !visibility.isHidden(row, viewer));
    const matches = (row: Row) => isWanted(row) && isShown(row);
    // Looked up with each page: it may change meanwhile.
    const wantedNow = () => (visibility && viewer ? visibility.within(interest, viewer) : interest);
    let joinedAt: StreamPosition | null = null;
    let unjoin = () => {};
    let left = false;

    function item(phase: StreamPhase, rows: readonly Row[], position: StreamPosition): StreamItem<Row> {
      return { phase, rows, cursor: encodePosition(position), missed: 0, missedSince: null, delivery: grant };
    }

    async function* catchUp(listener: LiveListener<Row>): AsyncGenerator<StreamItem<Row>, void, void> {
      if (stopped) listener.onEnd(null);
      if (left || stopped) return;
      entry.end = (error) => listener.onEnd(error);
      open.add(entry);
      let position = after ?? follower.position();
      let isTold = false;
      if (after === null) {
        yield item('SNAPSHOT', snapshot > 0 ? await history.newest(wantedNow(), position, snapshot) : [], position);
        isTold = true;
      } else {
        await checkAgainstHead(after);
        const until = follower.position();
        const missed = follower.keptAfter(after) === null ? await history.count(wantedNow(), after, until, COUNTED_ROWS) : 0;
        if (missed > replayLimit) {
          yield { ...item('REPLAY', [], until), missed, missedSince: encodePosition(after) };
          position = until;
          isTold = true;
        }
      }
      // At the subscriber's pace, until so little is left that it can be taken over at once.
      while (!left) {
        const kept = follower.keptAfter(position);
        if (kept !== null && kept.length <= PAGE_ROWS) break;
        const page = kept === null ? await nextPage(position) : nextKept(kept, position);
        position = page.position;
        if (page.rows.length > 0 || !isTold) yield item('REPLAY', page.rows, position);
        isTold = true;
      }
      if (left) return;
      // From here on nothing waits until the listener follows: what is kept and what comes live meet exactly.
      const rows = follower.keptAfter(position)!.filter(matches);
      joinedAt = position.sequence > follower.position().sequence ? position : follower.position();
      unjoin = join(key, interest, request, listener);
      if (rows.length > 0 || !isTold) yield item(after === null ? 'LIVE' : 'REPLAY', rows, joinedAt);
    }

    async function nextPage(from: StreamPosition): Promise<{ rows: Row[]; position: StreamPosition }> {
      const until = follower.position();
      const rows = await history.between(wantedNow(), from, until, PAGE_ROWS);
      return { rows, position: rows.length < PAGE_ROWS ? until : positionOf(rows.at(-1)!) };
    }

    function nextKept(kept: readonly Row[], from: StreamPosition): { rows: Row[]; position: StreamPosition } {
      const rows: Row[] = [];
      for (const row of kept) {
        if (matches(row)) rows.push(row);
        if (rows.length === PAGE_ROWS) return { rows, position: positionOf(row) };
      }
      const last = kept.at(-1);
      return { rows, position: last ? positionOf(last) : from };
    }

    const entry = { end: (_error: Error | null) => {} };
    const parts: StreamSourceParts<Row, StreamItem<Row>> = {
      key,
      grant,
      keyOf,
      sequenceOf,
      catchUp,
      joinedAt: () => joinedAt,
      leave() {
        left = true;
        open.delete(entry);
        unjoin();
        unjoin = () => {};
      },
      toItem: (live: LiveItem<Row>) => ({
        ...item('LIVE', live.rows, live.position),
        missed: live.missed,
        missedSince: live.missedSince && encodePosition(live.missedSince),
      }),
      toPayload: (told) => told,
    };
    return toStreamSource(parts, iterateSource);
  }

  return {
    subscribe,
    subscribers: () => open.size,
    groups: () => groups.size,
    stop() {
      stopped = true;
      unfollow();
      for (const { end } of open) end(null);
    },
  };
}
