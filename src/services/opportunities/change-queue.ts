import type { OpportunityChangeDraft } from '../../domain/opportunities/opportunity-change.ts';
import type { StreamWriter } from '../stream-log/stream-writer.ts';

/**
 * Hands changes over to the writer one after the other: of two that wait for room in it, it might take the later one first, and an opportunity that leaves before it
 * has entered never leaves.
 */
export interface ChangeQueue {
  add(drafts: readonly OpportunityChangeDraft[]): void;
  /** Resolves when the writer has taken these over. @throws the signal's reason when it fires before; they are handed over all the same */
  addAndWait(drafts: readonly OpportunityChangeDraft[], signal: AbortSignal): Promise<void>;
  /** Hands over what waits, until the time is up; the rest is left to the next start. */
  stop(timeoutMs: number): Promise<void>;
}

export function createChangeQueue({ accept }: Pick<StreamWriter<OpportunityChangeDraft>, 'accept'>): ChangeQueue {
  const stopping = new AbortController();
  let handedOver: Promise<void> = Promise.resolve();

  async function handOver(drafts: readonly OpportunityChangeDraft[], before: Promise<void>): Promise<void> {
    await before;
    if (stopping.signal.aborted) return;
    // It has stopped: what is not stored is found again, and decided anew, after the next start.
    await accept(drafts, stopping.signal).catch(() => {});
  }

  function add(drafts: readonly OpportunityChangeDraft[]): void {
    if (drafts.length > 0) handedOver = handOver(drafts, handedOver);
  }

  return {
    add,
    addAndWait(drafts, signal) {
      add(drafts);
      return drafts.length === 0 ? Promise.resolve() : until(handedOver, signal);
    },
    async stop(timeoutMs) {
      const timer = setTimeout(() => stopping.abort(new Error('the server stops')), timeoutMs);
      await handedOver;
      clearTimeout(timer);
    },
  };
}

function until(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    void work.then(resolve).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
