import type { ExecutionResult } from 'graphql';
import { type AnswerText, answerText, wrapText } from '../answer-text.ts';

/** An answer, and where in its stream the client is after it. */
export interface PositionedResult extends ExecutionResult {
  readonly [POSITION]?: string | null;
}

/** Key of the cursor that travels with an answer. A symbol: copies of the answer keep it, JSON leaves it out. */
export const POSITION = Symbol('position in the stream');

/**
 * A `next` event as graphql-sse has it, with the cursor for its id: what a browser tells in Last-Event-ID when it connects again.
 * @param operationId null in an event stream of a single operation
 */
export function nextEvent(result: PositionedResult, operationId: string | null): AnswerText {
  const payload = answerText(result);
  const data = operationId === null ? payload : wrapText(`{"id":${JSON.stringify(operationId)},"payload":`, payload, '}');
  const position = result[POSITION];
  return wrapText(`${position ? `id: ${position}\n` : ''}event: next\ndata: `, data, '\n\n');
}

export function completeEvent(operationId: string | null): string {
  return `event: complete\ndata:${operationId === null ? '' : ` ${JSON.stringify({ id: operationId })}`}\n\n`;
}
