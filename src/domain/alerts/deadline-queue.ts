/** One deadline per key, the earliest first. */
export interface DeadlineQueue<K> {
  /** Replaces the deadline of the key. @param atMs Infinity: none */
  put(key: K, atMs: number): void;
  /** The earliest deadline; Infinity without one. */
  next(): number;
  /** Takes out a key whose deadline is at `nowMs` or before; undefined: there is none. */
  take(nowMs: number): K | undefined;
}

interface Entry<K> {
  readonly key: K;
  readonly atMs: number;
  /** Order of putting: of equal deadlines the first put comes first. */
  readonly order: number;
}

/** A binary heap; what has been replaced stays in it until it comes up, or until more than half is such. */
export function createDeadlineQueue<K>(): DeadlineQueue<K> {
  const current = new Map<K, Entry<K>>();
  let heap: Entry<K>[] = [];
  let puts = 0;

  const isBefore = (a: Entry<K>, b: Entry<K>) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

  function push(entry: Entry<K>): void {
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  function pop(): void {
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }

  function first(): Entry<K> | undefined {
    while (heap.length > 0 && current.get(heap[0]!.key) !== heap[0]) pop();
    return heap[0];
  }

  return {
    put(key, atMs) {
      if (current.get(key)?.atMs === atMs) return;
      if (atMs === Number.POSITIVE_INFINITY) {
        current.delete(key);
        return;
      }
      const entry = { key, atMs, order: puts++ };
      current.set(key, entry);
      push(entry);
      if (heap.length > 2 * current.size + 64) {
        heap = [];
        for (const kept of current.values()) push(kept);
      }
    },
    next: () => first()?.atMs ?? Number.POSITIVE_INFINITY,
    take(nowMs) {
      const entry = first();
      if (!entry || entry.atMs > nowMs) return undefined;
      pop();
      current.delete(entry.key);
      return entry.key;
    },
  };
}
