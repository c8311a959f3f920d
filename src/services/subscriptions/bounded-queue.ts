/** A queue with one reader. What is pushed beyond its capacity is refused, so a reader that stalls costs bounded memory. */
export interface BoundedQueue<Item> extends AsyncIterableIterator<Item> {
  /** False when the queue is full or closed: the item was not taken. */
  push(item: Item, weight: number): boolean;
  /** Ends the iteration: at once with an error, or after what is queued without one. */
  close(error?: Error): void;
}

export interface BoundedQueueOptions {
  /** Greatest sum of the weights of what waits. */
  readonly capacity: number;
  /** Called once, when the reader goes away or the queue is closed. */
  readonly onEnd: () => void;
}

export function createBoundedQueue<Item>({ capacity, onEnd }: BoundedQueueOptions): BoundedQueue<Item> {
  let waiting: { item: Item; weight: number }[] = [];
  let weight = 0;
  let closed = false;
  let failure: Error | null = null;
  let reader: { resolve: (result: IteratorResult<Item>) => void; reject: (error: Error) => void } | null = null;

  function end(): void {
    if (closed) return;
    closed = true;
    onEnd();
  }

  function finished(): IteratorResult<Item> {
    return { done: true, value: undefined };
  }

  return {
    push(item, itemWeight) {
      if (closed) return false;
      if (reader) {
        reader.resolve({ done: false, value: item });
        reader = null;
        return true;
      }
      // An item heavier than the whole queue is taken by an empty one: refusing it would cut a reader that keeps up.
      if (waiting.length > 0 && weight + itemWeight > capacity) return false;
      waiting.push({ item, weight: itemWeight });
      weight += itemWeight;
      return true;
    },
    close(error) {
      if (closed) return;
      if (error) {
        failure = error;
        waiting = [];
      }
      end();
      if (!reader) return;
      if (error) reader.reject(error);
      else reader.resolve(finished());
      reader = null;
      failure = null;
    },
    async next() {
      const first = waiting.shift();
      if (first) {
        weight -= first.weight;
        return { done: false, value: first.item };
      }
      if (failure) {
        const error = failure;
        failure = null;
        throw error;
      }
      if (closed) return finished();
      return new Promise((resolve, reject) => {
        reader = { resolve, reject };
      });
    },
    async return() {
      end();
      waiting = [];
      reader?.resolve(finished());
      reader = null;
      return finished();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
