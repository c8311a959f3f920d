import type { EventTexts } from './event-response.ts';
import { completeEvent, nextEvent, type PositionedResult } from './event-text.ts';

/** The events of one subscription on an answer of its own. */
export function createOperationEvents(results: AsyncIterable<PositionedResult>): EventTexts {
  const iterator = results[Symbol.asyncIterator]();
  let isComplete = false;
  return {
    async next() {
      if (isComplete) return null;
      const { done, value } = await iterator.next();
      if (!done) return nextEvent(value, null);
      isComplete = true;
      return completeEvent(null);
    },
    close() {
      isComplete = true;
      // Ends the subscription at once, also while it waits for its next item. That it failed to end is its own business.
      iterator.return?.().catch(() => {});
    },
  };
}
