import type { LiveItem } from './live-item.ts';

/** The items of a subscription, whatever connections they come over. For one reader: `for await`, or calls of `next`. */
export interface LiveSubscription<Data> extends AsyncIterableIterator<LiveItem<Data>, undefined> {
  /** Of the item that was taken last: what `after` must be to go on behind it, in another program too. At first the `after` it began with. */
  readonly cursor: string | null;
  /** Ends it. What waits is forgotten. */
  return(): Promise<IteratorResult<LiveItem<Data>, undefined>>;
}
