import type { StreamPosition } from '../stream-log/stream-position.ts';
import type { DeliveryGrant } from './delivery-grant.ts';
import { iterateSource } from './iterate-source.ts';
import type { LiveListener } from './live-group.ts';
import type { StreamItem } from './stream-item.ts';
import { type StreamSource, toStreamSource } from './stream-source.ts';

/** A reading is worth something until the next one: who does not keep up gets the newest. */
const NEWEST_ONLY: DeliveryGrant = {
  contract: 'LATEST',
  maxRatePerSecond: null,
  overflow: 'CONFLATE',
  buffer: 1,
  bufferBytes: Number.MAX_SAFE_INTEGER,
};

interface NumberedReading<Reading> {
  readonly sequence: number;
  readonly reading: Reading;
}

/** The newest reading at most once per interval, the same one for everybody, from one timer that runs only while somebody listens. Nothing of it is stored. */
export interface StatusChannel<Reading> {
  /** The present reading at once, then one each interval. */
  subscribe(): StreamSource<NumberedReading<Reading>, Reading>;
  subscribers(): number;
  stop(): void;
}

export interface StatusChannelDeps<Reading> {
  readonly name: string;
  readonly read: () => Reading;
  readonly intervalMs: number;
}

export function createStatusChannel<Reading>({ name, read, intervalMs }: StatusChannelDeps<Reading>): StatusChannel<Reading> {
  const listeners = new Set<LiveListener<NumberedReading<Reading>>>();
  let timer: NodeJS.Timeout | null = null;
  let sequence = 0;
  let stopped = false;

  function position(): StreamPosition {
    return { atMs: 0, sequence };
  }

  function tick(): void {
    const after = position();
    sequence++;
    const rows = [{ sequence, reading: read() }];
    const item = { rows, firstSequence: sequence, position: position(), after, missed: 0, missedSince: null };
    for (const listener of listeners) listener.onItem(item);
  }

  function told(rows: readonly NumberedReading<Reading>[]): StreamItem<NumberedReading<Reading>> {
    return { phase: 'LIVE', rows, cursor: '', missed: 0, missedSince: null, delivery: NEWEST_ONLY };
  }

  return {
    subscribe() {
      let listening: LiveListener<NumberedReading<Reading>> | null = null;
      let joinedAt: StreamPosition | null = null;
      let left = false;
      return toStreamSource(
        {
          key: JSON.stringify([name]),
          grant: NEWEST_ONLY,
          async *catchUp(listener) {
            if (stopped) listener.onEnd(null);
            if (stopped || left) return;
            listening = listener;
            joinedAt = position();
            listeners.add(listener);
            timer ??= setInterval(tick, intervalMs);
            yield told([{ sequence, reading: read() }]);
          },
          joinedAt: () => joinedAt,
          leave() {
            left = true;
            if (!listening) return;
            listeners.delete(listening);
            if (listeners.size > 0 || !timer) return;
            clearInterval(timer);
            timer = null;
          },
          toItem: ({ rows }) => told(rows),
          toPayload: ({ rows }) => rows.at(-1)!.reading,
          keyOf: () => name,
          sequenceOf: (row) => row.sequence,
        },
        iterateSource,
      );
    },
    subscribers: () => listeners.size,
    stop() {
      stopped = true;
      for (const listener of listeners) listener.onEnd(null);
    },
  };
}
