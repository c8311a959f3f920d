import type { Viewer } from '../../domain/access/viewer.ts';
import { decodePosition, encodePosition } from '../stream-log/cursor.ts';
import { MalformedCursorError } from '../stream-log/malformed-cursor-error.ts';
import type { StreamRow } from '../stream-log/stream-definition.ts';
import type { StreamFollower } from '../stream-log/stream-follower.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import type { DeliveryGrant } from './delivery-grant.ts';
import { iterateSource } from './iterate-source.ts';
import type { LiveListener } from './live-group.ts';
import type { StreamSubject, SubscribeRequest } from './stream-channel.ts';
import type { LiveItem, StreamItem, StreamPhase } from './stream-item.ts';
import { STREAM_SOURCE, type StreamSource } from './stream-source.ts';

/** Rows of one page of a replay: small enough to serialise within a few milliseconds. */
const PAGE_ROWS = 100;
/** Beyond this many, missed rows are not counted any more: after an outage many subscribers ask at the same time. */
const COUNTED_ROWS = 100_000;

/** What the subscriptions of a channel have in common. */
export interface SharedChannel<Row extends StreamRow, Interest> {
  readonly subject: StreamSubject<Row, Interest>;
  readonly follower: StreamFollower<Row>;
  /** The newest committed position. */
  readonly head: () => Promise<StreamPosition>;
  readonly replayLimit: number;
  /** Those that are being read. */
  readonly open: Set<ChannelSource<Row, Interest>>;
  isStopped(): boolean;
  /** Follows the live rows. Returns the end of following. */
  join(key: string, interest: Interest, request: SubscribeRequest, listener: LiveListener<Row>): () => void;
}

const NOTHING = () => {};

/** One subscription of a channel. There are many that wait for years: what they share is in the prototype, so that each takes little memory. */
export class ChannelSource<Row extends StreamRow, Interest> implements StreamSource<Row, StreamItem<Row>> {
  readonly [STREAM_SOURCE] = true;
  readonly key: string;
  readonly #channel: SharedChannel<Row, Interest>;
  readonly #interest: Interest;
  readonly #request: SubscribeRequest;
  readonly #after: StreamPosition | null;
  #listener: LiveListener<Row> | null = null;
  #joinedAt: StreamPosition | null = null;
  #unjoin = NOTHING;
  #hasLeft = false;

  /** @throws MalformedCursorError */
  constructor(channel: SharedChannel<Row, Interest>, key: string, interest: Interest, request: SubscribeRequest) {
    this.key = key;
    this.#channel = channel;
    this.#interest = interest;
    this.#request = request;
    this.#after = request.after === null ? null : decodePosition(channel.subject.name, request.after);
  }

  get grant(): DeliveryGrant {
    return this.#request.grant;
  }

  get keyOf(): (row: Row) => string {
    return this.#channel.subject.keyOf;
  }

  get sequenceOf(): (row: Row) => number {
    return sequenceOf;
  }

  joinedAt(): StreamPosition | null {
    return this.#joinedAt;
  }

  end(error: Error | null): void {
    this.#listener?.onEnd(error);
  }

  /** What the function says of this subscription. */
  errorBy(errorOf: (interest: Interest, viewer: Viewer | null) => Error | null): Error | null {
    return errorOf(this.#interest, this.#request.viewer);
  }

  leave(): void {
    this.#hasLeft = true;
    this.#channel.open.delete(this);
    const unjoin = this.#unjoin;
    this.#unjoin = NOTHING;
    unjoin();
  }

  toItem({ rows, position, missed, missedSince }: LiveItem<Row>): StreamItem<Row> {
    return {
      ...this.#item('LIVE', rows, position),
      missed,
      missedSince: missedSince && encodePosition(this.#channel.subject.name, missedSince),
    };
  }

  toPayload(item: StreamItem<Row>): StreamItem<Row> {
    return item;
  }

  async *catchUp(listener: LiveListener<Row>): AsyncGenerator<StreamItem<Row>, void, void> {
    const { follower, subject, open, replayLimit, isStopped, join } = this.#channel;
    if (isStopped()) listener.onEnd(null);
    if (this.#hasLeft || isStopped()) return;
    this.#listener = listener;
    open.add(this);
    const after = this.#after;
    let position = after ?? follower.position();
    let isTold = false;
    if (after === null) {
      const { snapshot } = this.#request;
      yield this.#item('SNAPSHOT', snapshot > 0 ? await subject.history.newest(this.#wantedNow(), position, snapshot) : [], position);
      isTold = true;
    } else {
      await this.#checkAgainstHead(after);
      const until = follower.position();
      const isKept = follower.keptAfter(after) !== null;
      const missed = isKept ? 0 : await subject.history.count(this.#wantedNow(), after, until, COUNTED_ROWS);
      if (missed > replayLimit) {
        yield { ...this.#item('REPLAY', [], until), missed, missedSince: encodePosition(subject.name, after) };
        position = until;
        isTold = true;
      }
    }
    // At the subscriber's pace, until so little is left that it can be taken over at once.
    while (!this.#hasLeft) {
      const kept = follower.keptAfter(position);
      if (kept !== null && kept.length <= PAGE_ROWS) break;
      const page = kept === null ? await this.#nextPage(position) : this.#nextKept(kept, position);
      position = page.position;
      if (page.rows.length > 0 || !isTold) yield this.#item('REPLAY', page.rows, position);
      isTold = true;
    }
    if (this.#hasLeft) return;
    // From here on nothing waits until the listener follows: what is kept and what comes live meet exactly.
    const rows = follower.keptAfter(position)!.filter(this.#matcher());
    this.#joinedAt = position.sequence > follower.position().sequence ? position : follower.position();
    this.#unjoin = join(this.key, this.#interest, this.#request, listener);
    if (rows.length > 0 || !isTold) yield this.#item(after === null ? 'LIVE' : 'REPLAY', rows, this.#joinedAt);
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamItem<Row>> {
    return iterateSource(this);
  }

  #item(phase: StreamPhase, rows: readonly Row[], position: StreamPosition): StreamItem<Row> {
    return {
      phase,
      rows,
      cursor: encodePosition(this.#channel.subject.name, position),
      missed: 0,
      missedSince: null,
      delivery: this.grant,
    };
  }

  #matcher(): (row: Row) => boolean {
    const { matcher, visibility } = this.#channel.subject;
    const { viewer } = this.#request;
    const isWanted = matcher(this.#interest);
    const isShown = (row: Row) => !visibility?.isPrivate(row) || (viewer !== null && !visibility.isHidden(row, viewer));
    return (row) => isWanted(row) && isShown(row);
  }

  /** Looked up with each page: it may change meanwhile. */
  #wantedNow(): Interest {
    const { visibility } = this.#channel.subject;
    const { viewer } = this.#request;
    return visibility && viewer ? visibility.within(this.#interest, viewer) : this.#interest;
  }

  async #nextPage(from: StreamPosition): Promise<{ rows: Row[]; position: StreamPosition }> {
    const { follower, subject } = this.#channel;
    const until = follower.position();
    const rows = await subject.history.between(this.#wantedNow(), from, until, PAGE_ROWS);
    return { rows, position: rows.length < PAGE_ROWS ? until : subject.positionOf(rows.at(-1)!) };
  }

  #nextKept(kept: readonly Row[], from: StreamPosition): { rows: Row[]; position: StreamPosition } {
    const { positionOf } = this.#channel.subject;
    const matches = this.#matcher();
    const rows: Row[] = [];
    for (const row of kept) {
      if (matches(row)) rows.push(row);
      if (rows.length === PAGE_ROWS) return { rows, position: positionOf(row) };
    }
    const last = kept.at(-1);
    return { rows, position: last ? positionOf(last) : from };
  }

  async #checkAgainstHead(position: StreamPosition): Promise<void> {
    const { follower, head } = this.#channel;
    if (position.sequence <= follower.position().sequence) return;
    // Another process may have told more than this one has heard of yet; nobody can have told more than there is.
    const newest = await head();
    if (position.sequence > newest.sequence) {
      throw new MalformedCursorError(
        `expected a cursor of this stream, whose newest number is ${newest.sequence}, got one of number ${position.sequence}`,
      );
    }
  }
}

function sequenceOf(row: StreamRow): number {
  return row.sequence;
}
