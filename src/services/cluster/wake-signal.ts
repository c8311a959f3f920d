/** Lets one loop wait until there is something to do. */
export interface WakeSignal {
  /** There is; remembered until the next `wait`. */
  readonly set: () => void;
  /** Resolves at the next `set`, at once when there was one since the last wait, or when the time is up. */
  wait(timeoutMs: number): Promise<void>;
}

export function createWakeSignal(): WakeSignal {
  let isSet = false;
  let resume: (() => void) | null = null;
  return {
    set() {
      isSet = true;
      resume?.();
    },
    wait: (timeoutMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(done, timeoutMs);
        function done(): void {
          clearTimeout(timer);
          resume = null;
          isSet = false;
          resolve();
        }
        if (isSet) done();
        else resume = done;
      }),
  };
}
