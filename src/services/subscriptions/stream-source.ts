import type { StreamPosition } from '../stream-log/stream-position.ts';
import type { DeliveryGrant } from './delivery-grant.ts';
import type { LiveListener } from './live-group.ts';
import type { LiveItem, StreamItem } from './stream-item.ts';

/** Marks what transports that know it may share. */
export const STREAM_SOURCE = Symbol('stream source');

/** Where the items of one subscriber come from: first what `catchUp` yields, then what comes live. */
export interface StreamSourceParts<Row, Payload> {
  /**
   * Sources of the same key make the same payload of an item, whatever they caught up with. Mostly they give the same live items (the same objects); those of live
   * aggregates may be of audiences from whom different filters are hidden, which get items of their own. So what is shared is the answer to one item, never to one key.
   */
  readonly key: string;
  readonly grant: DeliveryGrant;
  /**
   * The snapshot or what was missed, page by page, up to the present. When it gets there, the listener begins to follow the live items: no row is between the two and
   * none in both. What it yields afterwards goes before what the listener got meanwhile. Once only.
   * @throws DomainError when the cursor is none of this stream
   */
  catchUp(listener: LiveListener<Row>): AsyncGenerator<StreamItem<Row>, void, void>;
  /** Up to where everything has come from `catchUp`; of live items only what lies behind it is new. Null before the listener follows. */
  joinedAt(): StreamPosition | null;
  /** Ends it, whatever it is doing. */
  leave(): void;
  /** A live item as subscribers are told of it. */
  toItem(item: LiveItem<Row>): StreamItem<Row>;
  /** What resolvers get for an item. */
  toPayload(item: StreamItem<Row>): Payload;
  readonly keyOf: (row: Row) => string;
  readonly sequenceOf: (row: Row) => number;
}

/** What the resolver of a subscription returns. Transports that know it share the work among subscribers; for others it is an asynchronous iterable, for one reader. */
export interface StreamSource<Row = unknown, Payload = unknown> extends StreamSourceParts<Row, Payload>, AsyncIterable<Payload> {
  readonly [STREAM_SOURCE]: true;
}

/** @param iterate reads the source like any iterable */
export function toStreamSource<Row, Payload>(
  parts: StreamSourceParts<Row, Payload>,
  iterate: (source: StreamSourceParts<Row, Payload>) => AsyncIterator<Payload>,
): StreamSource<Row, Payload> {
  return { ...parts, [STREAM_SOURCE]: true, [Symbol.asyncIterator]: () => iterate(parts) };
}

export function isStreamSource(value: unknown): value is StreamSource {
  return typeof value === 'object' && value !== null && STREAM_SOURCE in value;
}
