/** Streams are spread over this many moments of the interval. */
const SLOTS = 32;

/** Lets every open event stream write a comment once per interval, so that proxies keep it and its client knows that it lives: one timer for all, which runs while there are any. */
export interface KeepAliveComments {
  /** Returns the end of it. */
  add(comment: () => void): () => void;
}

export function createKeepAliveComments({ intervalMs }: { intervalMs: number }): KeepAliveComments {
  const slots = Array.from({ length: SLOTS }, () => new Set<() => void>());
  let current = 0;
  let next = 0;
  let open = 0;
  let timer: NodeJS.Timeout | null = null;

  function turn(): void {
    current = (current + 1) % SLOTS;
    for (const comment of slots[current]!) comment();
  }

  return {
    add(comment) {
      // Those that connect together write one slot after the other.
      next = (next + 1) % SLOTS;
      const slot = slots[next]!;
      slot.add(comment);
      open++;
      timer ??= setInterval(turn, intervalMs / SLOTS).unref();
      return () => {
        if (!slot.delete(comment) || --open > 0 || !timer) return;
        clearInterval(timer);
        timer = null;
      };
    },
  };
}
