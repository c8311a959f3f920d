/**
 * Shares the event loop between long computations and everything else: at most one computation runs per turn of the loop, for at most the budget, and what needs no turn has a
 * budget for all of it, so that sockets and timers never wait longer than two budgets plus the steps in hand.
 */
export interface EventLoopSlicer {
  /** Resolves at the caller's turn. Needed before the first step, and again after every await on something else. */
  turn(): Promise<void>;
  /** Whether the running turn has used up its budget; then `await turn()` before the next step. */
  isExhausted(): boolean;
  /**
   * Whether work that has not asked for a turn, because it is short as a rule, may still go on: all of it within one turn of the loop shares one budget, which begins when it is first asked for.
   * When it is used up, `await turn()`.
   */
  hasTime(): boolean;
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
  /** Of what has not asked for a turn; null: nothing did anything yet in this turn of the loop. */
  let sharedEndsAt: number | null = null;
  let isPutOff = false;

  /** Sockets have been read when this runs, once in each turn of the loop in which there is something to do. */
  function endTurnOfLoop(): void {
    scheduled = false;
    // As much time has passed already since the first that needs no turn; but only once, as that may be so again in the next.
    isPutOff = !isPutOff && waiting.length > 0 && sharedEndsAt !== null && now() >= sharedEndsAt;
    sharedEndsAt = null;
    if (!isPutOff) grantNext();
    if (waiting.length > 0) schedule();
  }

  function grantNext(): void {
    const resolve = waiting.shift();
    if (!resolve) return;
    turnEndsAt = now() + budgetMs;
    resolve();
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(endTurnOfLoop);
  }

  return {
    turn: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        schedule();
      }),
    isExhausted: () => now() >= turnEndsAt,
    hasTime() {
      if (sharedEndsAt !== null) return now() < sharedEndsAt;
      sharedEndsAt = now() + budgetMs;
      schedule();
      return true;
    },
  };
}
