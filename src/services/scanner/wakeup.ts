/** Lets loops sleep until something changes. */
export interface Wakeup {
  /** Wakes everybody who waits now. */
  notify(): void;
  /** Resolves at the next `notify` or after the time, whichever is first; null: no time. @throws the signal's reason. */
  wait(ms: number | null, signal: AbortSignal): Promise<void>;
}

export function createWakeup(): Wakeup {
  const waiting = new Set<() => void>();
  return {
    notify() {
      for (const resolve of waiting) resolve();
    },
    wait: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        const timer = ms === null ? null : setTimeout(finish, Math.max(0, ms));
        function cleanUp(): void {
          if (timer) clearTimeout(timer);
          waiting.delete(finish);
          signal.removeEventListener('abort', onAbort);
        }
        function finish(): void {
          cleanUp();
          resolve();
        }
        function onAbort(): void {
          cleanUp();
          reject(signal.reason);
        }
        waiting.add(finish);
        signal.addEventListener('abort', onAbort, { once: true });
      }),
  };
}
