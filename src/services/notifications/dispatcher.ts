import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import { type ChannelRunDeps, runChannel, type Turn } from './channel-run.ts';
import type { WakeQueue } from './wake.ts';

export interface DispatcherDeps extends ChannelRunDeps {
  readonly wakes: WakeQueue;
  readonly log: Logger;
  /** How long one process sends on a channel before it makes room for others, in milliseconds. */
  readonly turnMs: number;
  /** How long nobody else sends on the channel; more than `turnMs` and the longest attempt together. */
  readonly leaseMs: number;
  /** How often the queue is asked without being nudged, in milliseconds. */
  readonly pollIntervalMs: number;
  /** Channels this process sends on at the same time. */
  readonly maximumChannels: number;
}

/**
 * Sends what is queued. Each channel is served by itself: one that is slow or dead holds up nobody else. What a process had under way when it was killed is sent by whoever finds the job of
 * its channel back in the queue.
 */
export interface Dispatcher {
  start(): void;
  /** Something has been queued: look now instead of at the next poll. */
  nudge(): void;
  /** Begins nothing new, waits for what is under way for half of the time, then gives it up; others send it again. */
  stop(remainingMs: number): Promise<void>;
}

const WAKES_AT_ONCE = 100;
/** After a failure of our own, such as a lost database. */
const AFTER_FAILURE_MS = 5_000;

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { wakes, store, log, turnMs, leaseMs, pollIntervalMs, maximumChannels, clock, now, newId } = deps;
  /** By channel: the jobs that its turn takes care of. */
  const turns = new Map<string, { jobs: string[]; done: Promise<void> }>();
  const stopping = new AbortController();
  const cut = new AbortController();
  // As many listen as messages are under way.
  setMaxListeners(0, cut.signal);
  let looking: Promise<void> | null = null;
  let nudged = false;
  let interrupt = () => {};

  function nudge(): void {
    nudged = true;
    interrupt();
  }

  function pause(): Promise<void> {
    if (nudged || stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pollIntervalMs);
      interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function look(): Promise<void> {
    while (!stopping.signal.aborted) {
      nudged = false;
      let found = 0;
      if (turns.size < maximumChannels) {
        const jobs = await wakes.fetch(WAKES_AT_ONCE);
        found = jobs.length;
        for (const { id, data } of jobs) serve(data.channelId, id);
      }
      if (found < WAKES_AT_ONCE) await pause();
    }
  }

  function serve(channelId: string, job: string): void {
    const turn = turns.get(channelId);
    if (turn) {
      turn.jobs.push(job);
      return;
    }
    const started = { jobs: [job], done: Promise.resolve() };
    turns.set(channelId, started);
    started.done = takeTurns(channelId, started)
      .catch((error: unknown) => log.error({ err: error, channelId }, 'notifications of a channel cannot be sent now'))
      .finally(() => {
        turns.delete(channelId);
        if (turns.size === maximumChannels - 1) nudge();
      });
  }

  async function takeTurns(channelId: string, turn: { jobs: string[] }): Promise<void> {
    while (turn.jobs.length > 0) {
      const leaseId = newId();
      const acquired = await store.acquire(channelId, leaseId, leaseMs);
      if (acquired.kind === 'held') {
        // Whoever holds it sees what is queued by now, unless it has been killed.
        const jobs = turn.jobs.splice(0);
        await store.defer(channelId, acquired.untilMs);
        await wakes.complete(jobs);
        continue;
      }
      const scope: Turn = {
        channelId,
        leaseId,
        health: acquired.health,
        untilMs: now() + turnMs,
        stopping: stopping.signal,
        cut: cut.signal,
      };
      let notBeforeMs = 0;
      try {
        notBeforeMs = await runChannel(scope, deps);
      } catch (error) {
        if (!cut.signal.aborted) {
          log.error({ err: error, channelId }, 'notifications of a channel cannot be sent now');
          notBeforeMs = clock() + AFTER_FAILURE_MS;
        }
      }
      // Jobs that come while the lease ends may have been added too late for it to see their notifications.
      const jobs = turn.jobs.splice(0);
      await store.release(channelId, leaseId, scope.health, notBeforeMs);
      await wakes.complete(jobs);
      if (stopping.signal.aborted) return;
    }
  }

  return {
    start() {
      looking = look();
    },
    nudge,
    async stop(remainingMs) {
      stopping.abort();
      interrupt();
      const timer = setTimeout(() => cut.abort(new Error('the server stops')), remainingMs / 2);
      await looking;
      await Promise.all([...turns.values()].map(({ done }) => done));
      clearTimeout(timer);
    },
  };
}
