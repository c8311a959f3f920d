import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Postmaster, PostmasterExit } from './postmaster.ts';
import { type RestartBackoff, restartDelay } from './restart-delay.ts';

export interface UnexpectedExit extends PostmasterExit {
  /** Consecutive restarts, counted from 1, including the one to come. */
  readonly attempt: number;
  readonly restartInMs: number;
}

export interface Supervision {
  /** Tells of each end of the server that nobody asked for, before the restart. The function returned removes the listener. */
  onExit(listener: (exit: UnexpectedExit) => void): () => void;
  /** Tells when the server accepts connections again. */
  onRestart(listener: () => void): () => void;
  /** Stops the server, also in the midst of a restart. Idempotent. */
  stop(timeoutMs: number): Promise<void>;
}

export interface SuperviseServerDeps {
  readonly first: Postmaster;
  /** Starts the server again on the same port; tells of the process as soon as it exists. */
  readonly launch: (onSpawned: (postmaster: Postmaster) => void) => Promise<Postmaster>;
  readonly log: Pick<Logger, 'info' | 'error'>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly backoff: RestartBackoff;
}

/** Keeps a server running until it is stopped. */
export function superviseServer({ first, launch, log, now, backoff }: SuperviseServerDeps): Supervision {
  const exitListeners = new Set<(exit: UnexpectedExit) => void>();
  const restartListeners = new Set<() => void>();
  const stopping = new AbortController();
  let current = first;
  let attempt = 0;

  async function keepRunning(): Promise<void> {
    for (;;) {
      const startedMs = now();
      const exit = await current.exited;
      if (stopping.signal.aborted) return;
      if (now() - startedMs >= backoff.healthyAfterMs) attempt = 0;
      attempt++;
      const unexpected = { ...exit, attempt, restartInMs: restartDelay(backoff, attempt) };
      log.error({ ...unexpected }, 'PostgreSQL ended unexpectedly');
      for (const listener of exitListeners) listener(unexpected);
      if (!(await restart())) return;
      log.info({ attempt }, 'PostgreSQL runs again');
      for (const listener of restartListeners) listener();
    }
  }

  /** False when it was stopped meanwhile. */
  async function restart(): Promise<boolean> {
    for (;;) {
      try {
        await delay(restartDelay(backoff, attempt), undefined, { signal: stopping.signal });
        current = await launch((postmaster) => {
          current = postmaster;
          // Asked to stop between the pause and the start.
          if (stopping.signal.aborted) void postmaster.stop(0);
        });
        return !stopping.signal.aborted;
      } catch (error) {
        if (stopping.signal.aborted) return false;
        attempt++;
        log.error({ err: error, attempt, restartInMs: restartDelay(backoff, attempt) }, 'PostgreSQL could not be started again');
      }
    }
  }

  const running = keepRunning();
  let stopped: Promise<void> | null = null;
  return {
    onExit: (listener) => subscribe(exitListeners, listener),
    onRestart: (listener) => subscribe(restartListeners, listener),
    stop: (timeoutMs) => {
      stopped ??= (async () => {
        stopping.abort();
        await current.stop(timeoutMs);
        await running;
        // The one that was being started meanwhile, if any.
        await current.stop(timeoutMs);
      })();
      return stopped;
    },
  };
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
