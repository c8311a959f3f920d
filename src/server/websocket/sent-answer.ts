import { answerText, type WrittenAnswer, wrapText } from '../answer-text.ts';
import type { SocketOutlet } from './socket-outlet.ts';

/**
 * Sends the answer to a query or mutation that is text already past graphql-ws, which would make one text of it. To be given to graphql-ws in place of the answer: it iterates this, gets
 * nothing, and completes the operation.
 */
export function sentAnswer(id: string, answer: WrittenAnswer, outlet: SocketOutlet): AsyncIterable<never> {
  // Let go of once it is bytes: a client may take its time.
  let unsent: WrittenAnswer | null = answer;
  async function next(): Promise<IteratorResult<never>> {
    if (unsent) {
      const text = wrapText(`{"id":${JSON.stringify(id)},"type":"next","payload":`, answerText(unsent), '}');
      unsent = null;
      await outlet.send(typeof text === 'string' ? [Buffer.from(text)] : text.chunks);
    }
    return { done: true, value: undefined };
  }
  return { [Symbol.asyncIterator]: () => ({ next }) };
}
