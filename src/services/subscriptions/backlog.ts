import type { StreamPosition } from '../stream-log/stream-position.ts';
import type { DeliveryGrant } from './delivery-grant.ts';
import { newestPerKey } from './newest-per-key.ts';
import type { LiveItem } from './stream-item.ts';

/** A live item that waits, with the message ready to be sent when it may go out as it is. */
export interface BacklogEntry<Row, Message> {
  readonly item: LiveItem<Row>;
  /** Null: the item is this subscriber's alone and has to be made into a message first. */
  readonly message: Message | null;
}

/** What waits for one subscriber that does not keep up; bounded in rows and bytes by its grant. */
export interface Backlog<Row, Message> {
  /** False when it is full and the grant says CLOSE: the item was not taken. */
  push(item: LiveItem<Row>, message: Message | null, bytes: number): boolean;
  /** The next to go out. */
  shift(): BacklogEntry<Row, Message> | null;
  rows(): number;
  bytes(): number;
  /** Rows left out so far: told with an item that has gone out, or to be told. */
  missed(): number;
}

export interface BacklogDeps<Row> {
  readonly grant: DeliveryGrant;
  /** Rows of the same key replace each other. */
  readonly keyOf: (row: Row) => string;
  readonly sequenceOf: (row: Row) => number;
}

interface Waiting<Row, Message> extends BacklogEntry<Row, Message> {
  readonly bytes: number;
}

export function createBacklog<Row, Message>({ grant, keyOf, sequenceOf }: BacklogDeps<Row>): Backlog<Row, Message> {
  let waiting: Waiting<Row, Message>[] = [];
  let rows = 0;
  let bytes = 0;
  /** What has been dropped and is to be told with the next item. */
  let missed = 0;
  let missedSince: StreamPosition | null = null;
  /** Rows left out before what has gone out. */
  let toldMissed = 0;

  function isOver(): boolean {
    return rows > grant.buffer || bytes > grant.bufferBytes;
  }

  function miss(count: number, since: StreamPosition): void {
    if (count === 0) return;
    missed += count;
    missedSince ??= since;
  }

  /** Makes one item of all that wait, with the newest row of each key. */
  function conflate(): void {
    const first = waiting[0]!.item;
    const left = newestPerKey(
      waiting.flatMap(({ item }) => item.rows),
      keyOf,
    );
    let earlierMissed = 0;
    let earlierMissedSince: StreamPosition | null = null;
    for (const { item } of waiting) {
      earlierMissed += item.missed;
      earlierMissedSince ??= item.missedSince;
    }
    const superseded = rows - left.length;
    const count = earlierMissed + (grant.contract === 'LATEST' ? 0 : superseded);
    const item: LiveItem<Row> = {
      rows: left,
      firstSequence: sequenceOf(left[0]!),
      position: waiting.at(-1)!.item.position,
      after: first.after,
      missed: count,
      missedSince: count === 0 ? null : (earlierMissedSince ?? first.after),
    };
    waiting = [{ item, message: null, bytes: 0 }];
    rows = left.length;
    bytes = 0;
  }

  function dropOldest(): void {
    let dropped = 0;
    // The newest item stays, however large: dropping all would leave nothing that tells what was missed.
    while (isOver() && dropped < waiting.length - 1) {
      const { item, bytes: itemBytes } = waiting[dropped++]!;
      if (item.missedSince !== null) miss(item.missed, item.missedSince);
      miss(item.rows.length, item.after);
      rows -= item.rows.length;
      bytes -= itemBytes;
    }
    waiting = waiting.slice(dropped);
    const only = waiting[0]!;
    const over = rows - grant.buffer;
    if (waiting.length > 1 || over <= 0) return;
    // One item that is too large by itself loses its oldest rows.
    const kept = only.item.rows.slice(over);
    miss(over, only.item.after);
    waiting = [{ item: { ...only.item, rows: kept, firstSequence: sequenceOf(kept[0]!) }, message: null, bytes: 0 }];
    rows = kept.length;
    bytes = 0;
  }

  return {
    push(item, message, itemBytes) {
      // An item larger than the whole buffer is taken by an empty one: refusing it would cut a subscriber that keeps up.
      const fits = waiting.length === 0 || (rows + item.rows.length <= grant.buffer && bytes + itemBytes <= grant.bufferBytes);
      if (!fits && grant.overflow === 'CLOSE' && grant.contract === 'EVERY') return false;
      waiting.push({ item, message, bytes: itemBytes });
      rows += item.rows.length;
      bytes += itemBytes;
      if (fits) return true;
      if (grant.overflow === 'CONFLATE' || grant.contract === 'LATEST') conflate();
      if (!isOver()) return true;
      if (grant.overflow === 'CLOSE') return false;
      dropOldest();
      return true;
    },
    shift() {
      if (grant.contract === 'LATEST' && waiting.length > 1) conflate();
      const entry = waiting.shift();
      if (!entry) return null;
      rows -= entry.item.rows.length;
      bytes -= entry.bytes;
      toldMissed += entry.item.missed + missed;
      if (missed === 0) return { item: entry.item, message: entry.message };
      const item = { ...entry.item, missed: entry.item.missed + missed, missedSince: missedSince ?? entry.item.missedSince };
      missed = 0;
      missedSince = null;
      return { item, message: null };
    },
    rows: () => rows,
    bytes: () => bytes,
    missed: () => waiting.reduce((sum, { item }) => sum + item.missed, toldMissed + missed),
  };
}
