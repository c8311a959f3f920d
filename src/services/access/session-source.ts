import type { StreamPosition } from '../stream-log/stream-position.ts';
import type { DeliveryGrant } from '../subscriptions/delivery-grant.ts';
import { iterateSource } from '../subscriptions/iterate-source.ts';
import type { LiveListener } from '../subscriptions/live-group.ts';
import type { StreamItem } from '../subscriptions/stream-item.ts';
import { type StreamSource, toStreamSource } from '../subscriptions/stream-source.ts';
import type { Session, SessionEvent, SessionEventKind } from './session.ts';

/** Some a day; who does not read the last of them has lost its connection. */
const GRANT: DeliveryGrant = { contract: 'EVERY', maxRatePerSecond: null, overflow: 'DROP_OLDEST', buffer: 16, bufferBytes: 65_536 };

interface NumberedEvent {
  readonly sequence: number;
  readonly event: SessionEvent;
}

/** How a connection is, at once, then what happens to it. Nothing of it is stored. */
export function createSessionSource(session: Session): StreamSource<NumberedEvent, SessionEvent> {
  let sequence = 0;
  let unfollow = () => {};
  let left = false;

  const position = (): StreamPosition => ({ atMs: 0, sequence });

  function told(rows: readonly NumberedEvent[]): StreamItem<NumberedEvent> {
    return { phase: 'LIVE', rows, cursor: '', missed: 0, missedSince: null, delivery: GRANT };
  }

  function present(kind: SessionEventKind): NumberedEvent {
    return { sequence, event: { kind, connectionId: session.id, expiresAtMs: session.viewer.expiresAtMs } };
  }

  return toStreamSource(
    {
      key: JSON.stringify(['session', session.id]),
      grant: GRANT,
      async *catchUp(listener: LiveListener<NumberedEvent>) {
        if (left) return;
        unfollow = session.follow((event) => {
          const after = position();
          sequence++;
          listener.onItem({
            rows: [{ sequence, event }],
            firstSequence: sequence,
            position: position(),
            after,
            missed: 0,
            missedSince: null,
          });
        });
        yield told([present('CURRENT')]);
      },
      joinedAt: () => ({ atMs: 0, sequence: 0 }),
      leave() {
        left = true;
        unfollow();
      },
      toItem: ({ rows }) => told(rows),
      toPayload: ({ rows }) => rows.at(-1)!.event,
      keyOf: () => session.id,
      sequenceOf: (row) => row.sequence,
    },
    iterateSource,
  );
}
