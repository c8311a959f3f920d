import { LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';
import { OperationCancelledError } from '../../domain/errors/operation-cancelled-error.ts';

/** One that runs, and one that was asked for while a client had not yet given up the one before. */
const MOST_PER_SUBJECT = 2;
/** What waits behind these is not worth waiting for. */
const MOST_IN_ALL = 16;

/** Runs previews one after the other: they compute, so that two at once would only slow each other down. */
export interface PreviewQueue {
  /**
   * @param isCancelled whether nobody waits for it any more; looked at before it begins
   * @throws LimitExceededError when the subject has two, or all have sixteen; OperationCancelledError
   */
  run<T>(subject: string, isCancelled: () => boolean, work: () => Promise<T>): Promise<T>;
}

export function createPreviewQueue(): PreviewQueue {
  const bySubject = new Map<string, number>();
  let total = 0;
  let last: Promise<unknown> = Promise.resolve();

  function change(subject: string, by: 1 | -1): void {
    total += by;
    const count = (bySubject.get(subject) ?? 0) + by;
    if (count === 0) bySubject.delete(subject);
    else bySubject.set(subject, count);
  }

  return {
    async run(subject, isCancelled, work) {
      const own = (bySubject.get(subject) ?? 0) + 1;
      if (own > MOST_PER_SUBJECT) throw new LimitExceededError('previews at a time', MOST_PER_SUBJECT, own, { limit: 'filterPreviews' });
      if (total >= MOST_IN_ALL)
        throw new LimitExceededError('previews of all at a time', MOST_IN_ALL, total + 1, { limit: 'filterPreviews' });
      change(subject, 1);
      const result = last.then(() => {
        if (isCancelled()) throw new OperationCancelledError();
        return work();
      });
      last = result.catch(() => {});
      try {
        return await result;
      } finally {
        change(subject, -1);
      }
    },
  };
}
