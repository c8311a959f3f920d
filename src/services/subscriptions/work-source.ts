import type { DeliveryGrant } from './delivery-grant.ts';
import { iterateSource } from './iterate-source.ts';
import type { LiveListener } from './live-group.ts';
import type { StreamItem } from './stream-item.ts';
import { type StreamSource, toStreamSource } from './stream-source.ts';

/** Each item is made when the one before has been taken: nothing ever waits. */
const GRANT: DeliveryGrant = { contract: 'EVERY', maxRatePerSecond: null, overflow: 'DROP_OLDEST', buffer: 1, bufferBytes: 65_536 };

export interface NumberedItem<Item> {
  readonly sequence: number;
  readonly item: Item;
}

export interface WorkSourceDeps<Item> {
  /** Of this subscriber alone. */
  readonly key: string;
  /** Called when the work begins; returns what is called once when it is over. @throws DomainError when there is no place for it */
  readonly enter: () => () => void;
  /** What ends those that go on is put here meanwhile. */
  readonly ends: Set<() => void>;
  readonly work: (isCancelled: () => boolean) => AsyncGenerator<Item, void, void>;
}

/** Work for one subscriber, told while it goes on and over with its end. It goes on only as fast as the subscriber takes what it tells, and stops when that leaves. */
export function createWorkSource<Item>({ key, enter, ends, work }: WorkSourceDeps<Item>): StreamSource<NumberedItem<Item>, Item> {
  let isOver = false;
  let exit = () => {};

  function told(rows: readonly NumberedItem<Item>[]): StreamItem<NumberedItem<Item>> {
    return { phase: 'LIVE', rows, cursor: '', missed: 0, missedSince: null, delivery: GRANT };
  }

  function end(): void {
    isOver = true;
    exit();
  }

  return toStreamSource(
    {
      key,
      grant: GRANT,
      async *catchUp(listener: LiveListener<NumberedItem<Item>>) {
        if (isOver) return;
        const leavePlace = enter();
        const stop = () => listener.onEnd(null);
        ends.add(stop);
        exit = () => {
          exit = () => {};
          ends.delete(stop);
          leavePlace();
        };
        try {
          let sequence = 0;
          for await (const item of work(() => isOver)) {
            if (isOver) return;
            yield told([{ sequence: sequence++, item }]);
          }
        } finally {
          end();
        }
        listener.onEnd(null);
      },
      joinedAt: () => ({ atMs: 0, sequence: 0 }),
      leave: end,
      toItem: ({ rows }) => told(rows),
      toPayload: ({ rows }) => rows.at(-1)!.item,
      keyOf: () => key,
      sequenceOf: (row) => row.sequence,
    },
    iterateSource,
  );
}
