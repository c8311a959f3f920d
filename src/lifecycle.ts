import type { Logger } from 'pino';

/** Stops what was started, last first. */
export interface Lifecycle {
  /** Register right after the thing exists. The function gets the milliseconds that are left. */
  onStop(name: string, stop: (remainingMs: number) => Promise<unknown> | unknown): void;
  /** Runs every stop once, in reverse order, within the time. False when one failed or the time ran out. Further calls get the same answer. */
  stop(): Promise<boolean>;
}

export interface LifecycleDeps {
  readonly log: Logger;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly timeoutMs: number;
}

/** Even when the time is up each part gets this long: cutting a connection is quick, leaving it open is not an option. */
const LEAST_MS = 250;

export function createLifecycle({ log, now, timeoutMs }: LifecycleDeps): Lifecycle {
  const stops: { name: string; stop: (remainingMs: number) => Promise<unknown> | unknown }[] = [];
  let stopped: Promise<boolean> | null = null;

  async function stopAll(): Promise<boolean> {
    const deadline = now() + timeoutMs;
    let clean = true;
    for (const { name, stop } of stops.toReversed()) {
      const remainingMs = Math.max(LEAST_MS, deadline - now());
      clean = (await stopOne(name, stop, remainingMs)) && clean;
    }
    return clean;
  }

  async function stopOne(name: string, stop: (remainingMs: number) => Promise<unknown> | unknown, remainingMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), remainingMs);
    });
    try {
      const outcome = await Promise.race([Promise.resolve(stop(remainingMs)), late]);
      if (outcome === 'late') log.error({ part: name, remainingMs }, 'a part did not stop in time');
      return outcome !== 'late';
    } catch (error) {
      log.error({ err: error, part: name }, 'a part could not be stopped');
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    onStop: (name, stop) => stops.push({ name, stop }),
    stop: () => {
      stopped ??= stopAll();
      return stopped;
    },
  };
}
