/** Items between one who brings them and one who takes them with `next`. */
export interface ItemQueue<Item> {
  push(item: Item): void;
  /** Items that wait. */
  size(): number;
  /** Takes the oldest one out unread. */
  dropOldest(): void;
  /** What waits can still be taken; then `next` is done. */
  end(): void;
  /** What waits can still be taken; then `next` rejects once, and is done. */
  fail(error: unknown): void;
  /** Forgets what waits. */
  clear(): void;
  next(): Promise<IteratorResult<Item, undefined>>;
}

interface Taker<Item> {
  resolve(result: IteratorResult<Item, undefined>): void;
  reject(error: unknown): void;
}

export function createItemQueue<Item>(): ItemQueue<Item> {
  const items: Item[] = [];
  /** Wait for items; there are none while items wait for them. */
  const takers: Taker<Item>[] = [];
  let ended = false;
  let failure: { readonly error: unknown } | null = null;

  function end(): void {
    ended = true;
    for (const taker of takers.splice(0)) taker.resolve({ done: true, value: undefined });
  }

  return {
    push(item) {
      if (ended) return;
      const taker = takers.shift();
      if (taker) taker.resolve({ done: false, value: item });
      else items.push(item);
    },
    size: () => items.length,
    dropOldest: () => items.shift(),
    end,
    fail(error) {
      if (ended) return;
      const taker = takers.shift();
      if (taker) taker.reject(error);
      else failure = { error };
      end();
    },
    clear() {
      items.length = 0;
      failure = null;
    },
    next() {
      if (items.length > 0) return Promise.resolve({ done: false, value: items.shift()! });
      if (failure) {
        const { error } = failure;
        failure = null;
        return Promise.reject(error);
      }
      if (ended) return Promise.resolve({ done: true, value: undefined });
      return new Promise((resolve, reject) => takers.push({ resolve, reject }));
    },
  };
}
