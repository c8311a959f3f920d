import type { LiveItem } from './live-item.ts';
import type { LiveSubscription } from './live-subscription.ts';

/** What is called with the items of a subscription. */
export interface LiveListener<Data> {
  /** While what it returns is pending, no other item is given: a listener may take its time. */
  item(item: LiveItem<Data>): unknown;
  /** It has ended by itself: an error of the operation or of the connection, or what `item` has thrown. */
  error(error: unknown): unknown;
  /** It has ended because it was told to. */
  end?(): unknown;
}

/** Reads a subscription for a listener. */
export async function listen<Data>(subscription: LiveSubscription<Data>, listener: LiveListener<Data>): Promise<void> {
  try {
    for await (const item of subscription) await listener.item(item);
  } catch (error) {
    listener.error(error);
    return;
  }
  listener.end?.();
}
