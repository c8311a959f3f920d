import { type Backlog, createBacklog } from '../../services/subscriptions/backlog.ts';
import type { LiveListener } from '../../services/subscriptions/live-group.ts';
import { partBehind } from '../../services/subscriptions/part-behind.ts';
import type { StreamSource } from '../../services/subscriptions/stream-source.ts';
import { SubscriberTooSlowError } from '../../services/subscriptions/subscriber-too-slow-error.ts';
import type { ExecutionGroup, PreparedMessage } from './execution-group.ts';
import type { SocketOutlet } from './socket-outlet.ts';

/** Not registered with IANA; 4413 by likeness to HTTP 413. graphql-ws clients connect again after it. */
export const SUBSCRIBER_TOO_SLOW = 4413;

export interface LiveMemberDeps {
  /** Operation id, as the client chose it. */
  readonly id: string;
  readonly outlet: SocketOutlet;
  readonly source: StreamSource;
  readonly group: ExecutionGroup;
  readonly onWritten: () => void;
  readonly onTooSlow: () => void;
  /** The subscription is over; null: complete. */
  readonly onEnd: (error: Error | null) => void;
}

/** One subscription on one connection: writes what its group prepares, or lets it wait while the connection does not take more. */
export interface LiveMember {
  readonly listener: LiveListener<unknown>;
  /** What was caught up with has been sent: from now on messages are written. */
  goLive(): void;
  leave(): void;
  /** What waits. */
  readonly backlog: Pick<Backlog<unknown, PreparedMessage>, 'rows' | 'bytes' | 'missed'>;
}

export function createLiveMember({ id, outlet, source, group, onWritten, onTooSlow, onEnd }: LiveMemberDeps): LiveMember {
  const { grant, keyOf, sequenceOf } = source;
  const prefix = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  const backlog = createBacklog<unknown, PreparedMessage>({ grant, keyOf, sequenceOf });
  let isLive = false;
  /** A message that is being prepared goes out before all others. */
  let isPreparing = false;
  let left = false;
  let stopListening: (() => void) | null = null;

  function write(message: PreparedMessage): void {
    outlet.write(prefix, message.bytes!);
    onWritten();
  }

  function flush(): void {
    while (isLive && !isPreparing && !left && outlet.isWritable()) {
      const entry = backlog.shift();
      if (!entry) return;
      const message = entry.message ?? group.prepareAlone(source.toPayload(source.toItem(entry.item)));
      if (message.bytes) {
        write(message);
        continue;
      }
      isPreparing = true;
      message.ready!.then(
        () => {
          isPreparing = false;
          if (left) return;
          write(message);
          flush();
        },
        (error: unknown) => onEnd(error instanceof Error ? error : new Error(String(error))),
      );
    }
  }

  const listener: LiveListener<unknown> = {
    onItem(item) {
      const part = partBehind(item, source.joinedAt()!.sequence, sequenceOf);
      if (!part) return;
      const message = part === item ? group.prepare(item) : null;
      if (isLive && !isPreparing && part.missed === 0 && backlog.rows() === 0 && message?.bytes && outlet.isWritable()) {
        write(message);
        return;
      }
      stopListening ??= outlet.onWritable(flush);
      if (backlog.push(part, message, message?.bytes?.length ?? group.lastBytes())) {
        flush();
        return;
      }
      onTooSlow();
      outlet.close(SUBSCRIBER_TOO_SLOW, 'Subscriber too slow');
      onEnd(new SubscriberTooSlowError(grant.buffer));
    },
    onEnd,
  };

  return {
    listener,
    backlog,
    goLive() {
      isLive = true;
      flush();
    },
    leave() {
      left = true;
      stopListening?.();
      source.leave();
    },
  };
}
