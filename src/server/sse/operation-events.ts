import { type AnswerText, textBytes } from '../answer-text.ts';
import type { EventTexts } from './event-response.ts';
import type { ObservedEvents } from './event-session.ts';
import { completeEvent, nextEvent, type PositionedResult } from './event-text.ts';
import type { ReaderBacklog } from './stream-positions.ts';

/** The events of one subscription on an answer of its own. */
export interface OperationEvents extends EventTexts, ObservedEvents {}

/** @param backlog what waits in its source, where that can be told */
export function createOperationEvents(results: AsyncIterable<PositionedResult>, backlog?: ReaderBacklog): OperationEvents {
  const iterator = results[Symbol.asyncIterator]();
  const backlogs = backlog ? [backlog] : [];
  /** What is still to be sent once the subscription is over. */
  let rest: AnswerText[] | null = null;
  let sentBytes = 0;
  let wake = () => {};

  /** Null when the subscription was ended meanwhile. */
  function nextResult(): Promise<IteratorResult<PositionedResult> | null> {
    return new Promise((resolve, reject) => {
      wake = () => resolve(null);
      iterator.next().then(resolve, reject);
    });
  }

  async function nextText(): Promise<AnswerText | null> {
    const result = rest ? null : await nextResult();
    if (result && !rest) {
      if (!result.done) return nextEvent(result.value, null);
      rest = [completeEvent(null)];
    }
    return rest!.shift() ?? null;
  }

  function finish(texts: AnswerText[]): void {
    if (rest) return;
    rest = texts;
    wake();
    // Ends the subscription at once, also while it waits for its next item. That it failed to end is its own business.
    iterator.return?.().catch(() => {});
  }

  return {
    async next() {
      const text = await nextText();
      if (text !== null) sentBytes += textBytes(text);
      return text;
    },
    backlogs: () => backlogs,
    sentBytes: () => sentBytes,
    endWith: (last) => finish([nextEvent(last, null), completeEvent(null)]),
    close() {
      finish([]);
      rest = [];
    },
  };
}
