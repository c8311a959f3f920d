import { type Backlog, createBacklog } from '../../services/subscriptions/backlog.ts';
import type { LiveListener } from '../../services/subscriptions/live-group.ts';
import { partBehind } from '../../services/subscriptions/part-behind.ts';
import type { LiveItem } from '../../services/subscriptions/stream-item.ts';
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

/** A class, because there is one for each of many thousand subscriptions: closures would weigh more than what it holds. */
class GroupMember implements LiveMember, LiveListener<unknown> {
  readonly #deps: LiveMemberDeps;
  readonly #prefix: Buffer;
  /** Null until something waits: most subscribers keep up for ever. */
  #waiting: Backlog<unknown, PreparedMessage> | null = null;
  #isLive = false;
  /** A message that is being prepared goes out before all others. */
  #isPreparing = false;
  #left = false;
  #stopListening: (() => void) | null = null;

  constructor(deps: LiveMemberDeps) {
    this.#deps = deps;
    this.#prefix = Buffer.from(`{"id":${JSON.stringify(deps.id)},"type":"next","payload":`);
  }

  get listener(): LiveListener<unknown> {
    return this;
  }

  get backlog(): LiveMember['backlog'] {
    return this;
  }

  rows(): number {
    return this.#waiting?.rows() ?? 0;
  }

  bytes(): number {
    return this.#waiting?.bytes() ?? 0;
  }

  missed(): number {
    return this.#waiting?.missed() ?? 0;
  }

  onItem(item: LiveItem<unknown>): void {
    const { source, group, outlet, onTooSlow } = this.#deps;
    const part = partBehind(item, source.joinedAt()!.sequence, source.sequenceOf);
    if (!part) return;
    const message = part === item ? group.prepare(item) : null;
    if (this.#isLive && !this.#isPreparing && part.missed === 0 && this.rows() === 0 && message?.bytes && outlet.isWritable()) {
      this.#write(message);
      return;
    }
    this.#stopListening ??= outlet.onWritable(() => this.#flush());
    this.#waiting ??= createBacklog({ grant: source.grant, keyOf: source.keyOf, sequenceOf: source.sequenceOf });
    if (this.#waiting.push(part, message, message?.bytes?.length ?? group.lastBytes())) {
      this.#flush();
      return;
    }
    onTooSlow();
    outlet.close(SUBSCRIBER_TOO_SLOW, 'Subscriber too slow');
    this.onEnd(new SubscriberTooSlowError(source.grant.buffer));
  }

  onEnd(error: Error | null): void {
    this.#deps.onEnd(error);
  }

  goLive(): void {
    this.#isLive = true;
    this.#flush();
  }

  leave(): void {
    this.#left = true;
    this.#stopListening?.();
    this.#deps.source.leave();
  }

  #write(message: PreparedMessage): void {
    this.#deps.outlet.write(this.#prefix, message.bytes!);
    this.#deps.onWritten();
  }

  #flush(): void {
    const { source, group, outlet } = this.#deps;
    while (this.#isLive && !this.#isPreparing && !this.#left && outlet.isWritable()) {
      const entry = this.#waiting?.shift();
      if (!entry) return;
      const message = entry.message ?? group.prepareAlone(source.toPayload(source.toItem(entry.item)));
      if (message.bytes) {
        this.#write(message);
        continue;
      }
      this.#isPreparing = true;
      message.ready!.then(
        () => {
          this.#isPreparing = false;
          if (this.#left) return;
          this.#write(message);
          this.#flush();
        },
        (error: unknown) => this.onEnd(error instanceof Error ? error : new Error(String(error))),
      );
    }
  }
}

export function createLiveMember(deps: LiveMemberDeps): LiveMember {
  return new GroupMember(deps);
}
