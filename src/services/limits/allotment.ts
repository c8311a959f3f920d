import { type LimitExceededDetails, LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';

/** How many of one kind of thing each holder has at the same time, in this process. */
export interface Allotment<Holder> {
  /**
   * Takes one more. The answer gives it back, once.
   *
   * @throws LimitExceededError when the holder has as many as it is allowed
   */
  take(holder: Holder, allowed: number): () => void;
  held(holder: Holder): number;
}

/** @param what is held, in the plural, for people */
export function createAllotment<Holder>(what: string, details: LimitExceededDetails): Allotment<Holder> {
  const counts = new Map<Holder, number>();

  function giveBack(holder: Holder): void {
    const count = counts.get(holder)! - 1;
    if (count === 0) counts.delete(holder);
    else counts.set(holder, count);
  }

  return {
    take(holder, allowed) {
      const requested = (counts.get(holder) ?? 0) + 1;
      if (requested > allowed) throw new LimitExceededError(what, allowed, requested, details);
      counts.set(holder, requested);
      let isHeld = true;
      return () => {
        if (isHeld) giveBack(holder);
        isHeld = false;
      };
    },
    held: (holder) => counts.get(holder) ?? 0,
  };
}
