import { type Backlog, createBacklog } from './backlog.ts';
import type { LiveListener } from './live-group.ts';
import { partBehind } from './part-behind.ts';
import type { LiveItem } from './stream-item.ts';
import type { StreamSourceParts } from './stream-source.ts';
import { SubscriberTooSlowError } from './subscriber-too-slow-error.ts';

/** Items for one reader, and what waits for it. */
export interface SourceIterator<Payload> extends AsyncGenerator<Payload, void, void> {
  readonly backlog: Pick<Backlog<unknown, unknown>, 'rows' | 'bytes' | 'missed'>;
}

/** Reads a source at the pace of one reader: what it does not ask for in time waits in a bounded backlog. */
export function iterateSource<Row, Payload>(source: StreamSourceParts<Row, Payload>): SourceIterator<Payload> {
  const backlog = createBacklog<Row, never>({ grant: source.grant, keyOf: source.keyOf, sequenceOf: source.sequenceOf });
  let ended: { error: Error | null } | null = null;
  let wake = () => {};
  const listener: LiveListener<Row> = {
    onItem(item: LiveItem<Row>) {
      const part = partBehind(item, source.joinedAt()!.sequence, source.sequenceOf);
      if (part && !backlog.push(part, null, 0)) listener.onEnd(new SubscriberTooSlowError(source.grant.buffer));
      wake();
    },
    onEnd(error) {
      source.leave();
      ended ??= { error };
      wake();
    },
  };

  async function* items(): AsyncGenerator<Payload, void, void> {
    try {
      for await (const item of source.catchUp(listener)) yield source.toPayload(item);
      for (;;) {
        const end = ended as { error: Error | null } | null;
        if (end?.error) throw end.error;
        const entry = backlog.shift();
        if (entry) yield source.toPayload(source.toItem(entry.item));
        else if (end) return;
        else await nextChange();
      }
    } finally {
      source.leave();
    }
  }

  function nextChange(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve;
    });
  }

  const inner = items();
  return Object.assign(inner, {
    backlog,
    // A generator that waits for the next item would end only after it.
    return: stop,
  });

  async function stop(): Promise<IteratorResult<Payload, void>> {
    source.leave();
    ended ??= { error: null };
    wake();
    return { done: true, value: undefined };
  }
}
