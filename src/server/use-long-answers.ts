import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GraphQLContext, WrittenList } from '../schema/context.ts';
import type { EventLoopSlicer } from '../services/scanner/event-loop-slicer.ts';
import { AnswerBody } from './answer-body.ts';
import { answerPieces } from './answer-pieces.ts';
import { encodeInTurns } from './encode-in-turns.ts';

/** Letters of lists that are text already; with more the answer is made bytes in turns of the event loop, and never one text. */
const LONG_TEXT = 250_000;

/**
 * Puts lists that are text already into their answer, and makes the bytes of answers with other long lists in turns of the event loop. Yoga makes all others, in one go. For answers that
 * become an `AnswerBody` see `useTextAnswers`.
 */
export function useLongAnswers(): Plugin {
  return {
    onExecute: () => ({
      onExecuteDone({ args, result }) {
        const { hasLongList, writtenLists, services } = args.contextValue as unknown as GraphQLContext;
        if (!('data' in result)) return undefined;
        // Taken out: contexts are held until the next full collection of garbage, and texts are large.
        const lists = writtenLists?.splice(0) ?? [];
        if (hasLongList || lengthOf(lists) > LONG_TEXT) return prepareInTurns(result, lists, services.slicer);
        if (lists.length > 0) prepare(result, [...answerPieces(result.data, lists)].join(''));
        return undefined;
      },
    }),
  };
}

function lengthOf(lists: readonly WrittenList[]): number {
  let length = 0;
  for (const { pieces } of lists) for (const piece of pieces) length += piece.length;
  return length;
}

function prepare(result: ExecutionResult, data: string): void {
  writeWith(result, (before, behind) => `${before}${data}${behind}`);
}

async function prepareInTurns(result: ExecutionResult, lists: readonly WrittenList[], slicer: EventLoopSlicer): Promise<void> {
  const data = await encodeInTurns(answerPieces(result.data, lists), slicer);
  writeWith(result, (before, behind) => new AnswerBody([Buffer.from(before), ...data, Buffer.from(behind)]));
}

/**
 * Yoga asks an answer for its text where it has a function for that, and makes the body of its Response of it.
 * @param write what comes before the data, and behind
 */
function writeWith(result: ExecutionResult, write: (before: string, behind: string) => string | AnswerBody): void {
  // Errors are masked behind this.
  const stringify = (answer: object): string | AnswerBody => {
    const before: string[] = [];
    const behind: string[] = [];
    let texts = before;
    for (const [name, member] of Object.entries(answer)) {
      if (name === 'data') {
        before.push('"data":');
        texts = behind;
      } else if (member !== undefined && typeof member !== 'function') texts.push(`"${name}":${JSON.stringify(member)}`);
    }
    return write(`{${before.join(',')}`, `${behind.map((text) => `,${text}`).join('')}}`);
  };
  Object.assign(result, { stringify });
}
