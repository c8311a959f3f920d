/** When loaders ask for what was asked of them: once all that is done in this turn of the event loop is done, unless something holds them. */
export interface LoaderSchedule {
  /** The option of DataLoader of this name. */
  readonly batchScheduleFn: (ask: () => void) => void;
  /**
   * Nothing is asked before all holds are let go: for rows that are completed in several turns, so that one statement is sent for all of them. Who holds must wait for nothing that is loaded.
   * @returns lets go; again: nothing
   */
  hold(): () => void;
}

export function createLoaderSchedule(): LoaderSchedule {
  const held = new Set<symbol>();
  let waiting: (() => void)[] = [];

  function askUnlessHeld(ask: () => void): void {
    if (held.size > 0) waiting.push(ask);
    else ask();
  }

  function askSoon(ask: () => void): void {
    // Behind all promises that are kept by now, and those that are kept by them: the same moment that DataLoader takes by itself.
    void Promise.resolve().then(() => process.nextTick(askUnlessHeld, ask));
  }

  return {
    batchScheduleFn: askSoon,
    hold() {
      const hold = Symbol('hold');
      held.add(hold);
      return () => {
        if (!held.delete(hold) || held.size > 0) return;
        const asks = waiting;
        waiting = [];
        for (const ask of asks) askSoon(ask);
      };
    },
  };
}
