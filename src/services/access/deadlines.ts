/** Things are due in steps of this: never early, at most this late. */
const STEP_MS = 250;
/** Clocks are set now and then, and timers do not know: it looks again at least this often while anything is due some day. */
const LONGEST_SLEEP_MS = 30_000;

/** Tells when things are due: one timer for all of them, which runs while there are any. */
export interface Deadlines<Item> {
  /** @param atMs as the clock has it, milliseconds; what lies in the past is due at once, but not before this returns */
  add(item: Item, atMs: number): void;
  /** @param atMs as it was added with */
  remove(item: Item, atMs: number): void;
  stop(): void;
}

export interface DeadlinesDeps<Item> {
  /** Milliseconds. */
  readonly clock: () => number;
  /** The item is no longer among them. May add it again. Must not throw. */
  readonly onDue: (item: Item) => void;
}

export function createDeadlines<Item>({ clock, onDue }: DeadlinesDeps<Item>): Deadlines<Item> {
  const steps = new Map<number, Set<Item>>();
  let timer: NodeJS.Timeout | undefined;
  let armedFor = Number.POSITIVE_INFINITY;

  function arm(step: number): void {
    if (step >= armedFor) return;
    clearTimeout(timer);
    armedFor = step;
    timer = setTimeout(turn, Math.min(Math.max(step * STEP_MS - clock(), 0), LONGEST_SLEEP_MS)).unref();
  }

  function disarm(): void {
    clearTimeout(timer);
    armedFor = Number.POSITIVE_INFINITY;
  }

  function turn(): void {
    const nowMs = clock();
    const due = [...steps.keys()].filter((step) => step * STEP_MS <= nowMs).toSorted((one, other) => one - other);
    // Before anything is told: it may be added again.
    const items = due.flatMap((step) => [...steps.get(step)!]);
    for (const step of due) steps.delete(step);
    disarm();
    for (const item of items) onDue(item);
    let next = Number.POSITIVE_INFINITY;
    for (const step of steps.keys()) if (step < next) next = step;
    if (next < Number.POSITIVE_INFINITY) arm(next);
  }

  return {
    add(item, atMs) {
      const step = Math.ceil(atMs / STEP_MS);
      const items = steps.get(step);
      if (items) items.add(item);
      else steps.set(step, new Set([item]));
      arm(step);
    },
    remove(item, atMs) {
      const step = Math.ceil(atMs / STEP_MS);
      const items = steps.get(step);
      if (!items?.delete(item) || items.size > 0) return;
      steps.delete(step);
      if (steps.size === 0) disarm();
    },
    stop() {
      disarm();
      steps.clear();
    },
  };
}
