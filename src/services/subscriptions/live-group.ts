import type { Viewer } from '../../domain/access/viewer.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import { createBacklog } from './backlog.ts';
import type { DeliveryGrant } from './delivery-grant.ts';
import { newestPerKey } from './newest-per-key.ts';
import { partsForReaders } from './parts-for-readers.ts';
import type { RowVisibility } from './row-visibility.ts';
import type { LiveItem } from './stream-item.ts';
import { SubscriberTooSlowError } from './subscriber-too-slow-error.ts';

/** Takes what comes live. Must not throw. */
export interface LiveListener<Row> {
  onItem(item: LiveItem<Row>): void;
  /** Nothing comes any more; null: because the server stops. */
  onEnd(error: Error | null): void;
}

/** Those who want the same rows in the same way: one filter pass for all of them. */
export interface LiveGroup<Row> {
  /** Takes a row of the batch in hand when it matches; true when it is the first one of the batch. */
  offer(row: Row): boolean;
  /** @param position behind the newest row of the batch */
  endBatch(position: StreamPosition): void;
  /** @param viewer who is told; null: somebody who sees only what everybody does */
  add(listener: LiveListener<Row>, viewer: Viewer | null): void;
  remove(listener: LiveListener<Row>): void;
  size(): number;
  end(error: Error | null): void;
}

export interface LiveGroupDeps<Row> {
  readonly matches: (row: Row) => boolean;
  /** Null: every row is for everybody. */
  readonly visibility: Omit<RowVisibility<Row, never>, 'within'> | null;
  readonly grant: DeliveryGrant;
  readonly keyOf: (row: Row) => string;
  readonly sequenceOf: (row: Row) => number;
  /** Where the stream is when the group comes into being. */
  readonly position: StreamPosition;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

export function createLiveGroup<Row>(deps: LiveGroupDeps<Row>): LiveGroup<Row> {
  const { matches, visibility, grant, keyOf, sequenceOf, position: start, now } = deps;
  const listeners = new Map<LiveListener<Row>, Viewer | null>();
  const intervalMs = grant.maxRatePerSecond === null ? 0 : 1_000 / grant.maxRatePerSecond;
  /** What waits for the next moment at which the rate allows an item. */
  const held = createBacklog<Row, never>({ grant, keyOf, sequenceOf });
  let batch: Row[] = [];
  let known = start;
  let emittedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;

  function emit(item: LiveItem<Row>): void {
    if (!visibility || !item.rows.some(visibility.isPrivate)) {
      for (const listener of listeners.keys()) listener.onItem(item);
      return;
    }
    for (const { item: part, readers } of partsForReaders(item, listeners, visibility, sequenceOf)) {
      // Telling one may end another.
      for (const listener of readers) if (listeners.has(listener)) listener.onItem(part);
    }
  }

  function emitHeld(): void {
    timer = null;
    emittedAt = now();
    const items: LiveItem<Row>[] = [];
    for (let entry = held.shift(); entry; entry = held.shift()) items.push(entry.item);
    const [first] = items;
    if (first) emit(items.length === 1 ? first : joined(items));
  }

  function end(error: Error | null): void {
    if (timer) clearTimeout(timer);
    timer = null;
    for (const listener of listeners.keys()) listener.onEnd(error);
    listeners.clear();
  }

  return {
    offer(row) {
      if (!matches(row)) return false;
      return batch.push(row) === 1;
    },
    endBatch(position) {
      const rows = grant.contract === 'LATEST' ? newestPerKey(batch, keyOf) : batch;
      batch = [];
      const item: LiveItem<Row> = { rows, firstSequence: sequenceOf(rows[0]!), position, after: known, missed: 0, missedSince: null };
      known = position;
      if (intervalMs === 0) {
        emit(item);
        return;
      }
      if (!held.push(item, null, 0)) {
        end(new SubscriberTooSlowError(grant.buffer));
        return;
      }
      const waitMs = emittedAt + intervalMs - now();
      if (waitMs <= 0 && !timer) emitHeld();
      else timer ??= setTimeout(emitHeld, waitMs);
    },
    add: (listener, viewer) => void listeners.set(listener, viewer),
    remove(listener) {
      listeners.delete(listener);
      if (listeners.size > 0 || !timer) return;
      clearTimeout(timer);
      timer = null;
    },
    size: () => listeners.size,
    end,
  };
}

function joined<Row>(items: readonly LiveItem<Row>[]): LiveItem<Row> {
  const first = items[0]!;
  return {
    rows: items.flatMap((item) => item.rows),
    firstSequence: first.firstSequence,
    position: items.at(-1)!.position,
    after: first.after,
    missed: items.reduce((sum, item) => sum + item.missed, 0),
    missedSince: items.find((item) => item.missedSince !== null)?.missedSince ?? null,
  };
}
