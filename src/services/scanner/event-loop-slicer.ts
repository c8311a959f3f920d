/**
 * Shares the event loop between long computations and everything else: one computation runs per turn of the loop, for at most the budget, so that sockets and
 * timers never wait longer than one budget plus the step in hand.
 */
export interface EventLoopSlicer {
  /** Resolves at the caller's turn. Needed before the first step, and again after every await on something else. */
  turn(): Promise<void>;
  /** Whether the running turn has used up its budget; then `await turn()` before the next step. */
  isExhausted(): boolean;
}

export interface EventLoopSlicerDeps {
  readonly budgetMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

export function createEventLoopSlicer({ budgetMs, now }: EventLoopSlicerDeps): EventLoopSlicer {
  const waiting: (() => void)[] = [];
  let scheduled = false;
  let turnEndsAt = 0;

  function grantNext(): void {
    scheduled = false;
    const resolve = waiting.shift();
    if (!resolve) return;
    turnEndsAt = now() + budgetMs;
    resolve();
    schedule();
  }

  function schedule(): void {
    if (scheduled || waiting.length === 0) return;
    scheduled = true;
    setImmediate(grantNext);
  }

  return {
    turn: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        schedule();
      }),
    isExhausted: () => now() >= turnEndsAt,
  };
}
