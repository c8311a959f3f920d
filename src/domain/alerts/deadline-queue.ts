/** One deadline per key, the earliest first. */
export interface DeadlineQueue<K> {
  /** Replaces the deadline of the key. @param atMs Infinity: none */
  put(key: K, atMs: number): void;
  /** The earliest deadline; Infinity without one. */
  next(): number;
  /** Takes out a key whose deadline is at `nowMs` or before; undefined: there is none. */
  take(nowMs: number): K | undefined;
}

interface Slot<K> {
  readonly key: K;
  /** The deadline. */
  atMs: number;
  /** Order of putting: of equal deadlines the first put comes first. */
  order: number;
  /** The one node of the heap that counts for the key; not later than the deadline. */
  node: Node<K> | null;
}

interface Node<K> {
  readonly slot: Slot<K>;
  readonly atMs: number;
  readonly order: number;
}

/**
 * A binary heap. A deadline that is put off, which is what most of them are again and again, leaves it as it is: the key is found a new place when its old one comes up.
 * One that is moved up gets another node, and the old one stays until it comes up, or until more than half are such.
 */
export function createDeadlineQueue<K>(): DeadlineQueue<K> {
  const slots = new Map<K, Slot<K>>();
  let heap: Node<K>[] = [];
  let puts = 0;

  function push(slot: Slot<K>): void {
    const node = { slot, atMs: slot.atMs, order: slot.order };
    slot.node = node;
    let at = heap.push(node) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(node, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = node;
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

  function first(): Slot<K> | null {
    while (heap.length > 0) {
      const node = heap[0]!;
      const { slot } = node;
      if (slot.node !== node) pop();
      else if (slot.order === node.order) return slot;
      else {
        pop();
        push(slot);
      }
    }
    return null;
  }

  return {
    put(key, atMs) {
      const slot = slots.get(key);
      if (slot?.atMs === atMs) return;
      if (atMs === Number.POSITIVE_INFINITY) {
        if (!slot) return;
        slot.node = null;
        slots.delete(key);
        return;
      }
      const order = puts++;
      if (!slot) {
        const made: Slot<K> = { key, atMs, order, node: null };
        slots.set(key, made);
        push(made);
      } else {
        slot.atMs = atMs;
        slot.order = order;
        if (atMs < slot.node!.atMs) push(slot);
      }
      if (heap.length > 2 * slots.size + 64) {
        heap = [];
        for (const kept of slots.values()) push(kept);
      }
    },
    next: () => first()?.atMs ?? Number.POSITIVE_INFINITY,
    take(nowMs) {
      const slot = first();
      if (!slot || slot.atMs > nowMs) return undefined;
      pop();
      slot.node = null;
      slots.delete(slot.key);
      return slot.key;
    },
  };
}

function isBefore<K>(one: Node<K>, other: Node<K>): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
