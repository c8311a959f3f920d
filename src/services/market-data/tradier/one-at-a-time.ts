import { abortable } from '../decode/abortable.ts';

/** Runs pieces of work one after the other, in the order they came. */
export interface OneAtATime {
  /** Rejects with what `work` rejects with, or with the signal's reason when it is aborted before its turn. */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createOneAtATime(): OneAtATime {
  let last: Promise<void> = Promise.resolve();
  return {
    async run(work, signal) {
      const before = last;
      const mine = abortable(before, signal).then(work);
      // Who gives up keeps the place, so that the next one still waits for those before.
      last = Promise.allSettled([before, mine]).then(() => {});
      return mine;
    },
  };
}
