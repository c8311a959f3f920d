import type { ClientTimers } from '../../src/client/client-timers.ts';

/** Time that passes when the test says so. */
export interface ManualTimers extends ClientTimers {
  /** Pauses of the timers that are set, the next one first, milliseconds from now. */
  pending(): readonly number[];
  /** Runs what is due until then, in order. */
  advance(ms: number): void;
}

export function createManualTimers(): ManualTimers {
  let now = 0;
  const timers = new Map<number, { readonly at: number; readonly run: () => void }>();
  let lastHandle = 0;
  const inOrder = () => [...timers].sort(([, one], [, other]) => one.at - other.at);
  return {
    setTimeout(run, delayMs) {
      timers.set(++lastHandle, { at: now + delayMs, run });
      return lastHandle;
    },
    clearTimeout: (handle) => timers.delete(handle as number),
    pending: () => inOrder().map(([, { at }]) => at - now),
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const [next] = inOrder();
        if (!next || next[1].at > until) break;
        timers.delete(next[0]);
        now = next[1].at;
        next[1].run();
      }
      now = until;
    },
  };
}
