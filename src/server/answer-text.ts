import type { ExecutionResult } from 'graphql';
import type { AnswerBody } from './answer-body.ts';
import { formatError } from './format-error.ts';

/** The JSON of an answer, or what goes around it; of a long answer in pieces. */
export type AnswerText = string | AnswerBody;

/** An answer whose data is text already. Yoga asks such a function for the text of an answer to HTTP. */
export interface WrittenAnswer extends ExecutionResult {
  /** @param answer the same as it leaves the server: with other errors, or none */
  readonly stringify: (answer: object) => AnswerText;
}

/** What transports other than plain HTTP send of an answer. */
export function answerText(result: ExecutionResult): AnswerText {
  const { errors, ...rest } = result;
  const answer = errors ? { ...rest, errors: errors.map(formatError) } : rest;
  return isWritten(result) ? result.stringify(answer) : JSON.stringify(answer);
}

export function isWritten(result: object): result is WrittenAnswer {
  return 'stringify' in result;
}

export function wrapText(before: string, text: AnswerText, behind: string): AnswerText {
  return typeof text === 'string' ? `${before}${text}${behind}` : text.within(before, behind);
}

/** In UTF-8. */
export function textBytes(text: AnswerText): number {
  return typeof text === 'string' ? Buffer.byteLength(text) : text.byteLength;
}
