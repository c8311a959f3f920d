import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GraphQLContext, WrittenList } from '../schema/context.ts';
import type { EventLoopSlicer } from '../services/scanner/event-loop-slicer.ts';
import { AnswerBody } from './answer-body.ts';
import { answerPieces } from './answer-pieces.ts';
import { type AnswerText, type WrittenAnswer, wrapText } from './answer-text.ts';
import { encodeInTurns } from './encode-in-turns.ts';

/** Letters of lists that are text already; with more the answer is made bytes in turns of the event loop, and never one text. */
const LONG_TEXT = 250_000;

/**
 * Has the lists of answers to queries and mutations written as text, puts them into their answers, and makes the bytes of answers with long lists in turns of the event loop. Whoever sends an
 * answer makes the text of all others, in one go. For answers that become an `AnswerBody` see `useTextAnswers`.
 */
export function useLongAnswers(): Plugin {
  return {
    onExecute({ args }) {
      const context = args.contextValue as unknown as GraphQLContext;
      context.writtenLists = [];
      return {
        onExecuteDone({ result }) {
          if (!('data' in result)) return undefined;
          const { hasLongList, services } = context;
          // Taken out: contexts are held until the next full collection of garbage, and texts are large.
          const lists = context.writtenLists?.splice(0) ?? [];
          if (hasLongList || lengthOf(lists) > LONG_TEXT) return prepareInTurns(result, lists, services.slicer);
          if (lists.length > 0) prepare(result, [...answerPieces(result.data, lists)].join(''));
          return undefined;
        },
      };
    },
  };
}

function lengthOf(lists: readonly WrittenList[]): number {
  let length = 0;
  for (const { pieces } of lists) for (const piece of pieces) length += piece.length;
  return length;
}

async function prepareInTurns(result: ExecutionResult, lists: readonly WrittenList[], slicer: EventLoopSlicer): Promise<void> {
  prepare(result, new AnswerBody(await encodeInTurns(answerPieces(result.data, lists), slicer)));
}

function prepare(result: ExecutionResult, data: AnswerText): void {
  // Errors are masked behind this.
  const stringify: WrittenAnswer['stringify'] = (answer) => {
    const before: string[] = [];
    const behind: string[] = [];
    let texts = before;
    for (const [name, member] of Object.entries(answer)) {
      if (name === 'data') texts = behind;
      else if (member !== undefined && typeof member !== 'function') texts.push(`"${name}":${JSON.stringify(member)}`);
    }
    return wrapText(`{${before.map((text) => `${text},`).join('')}"data":`, data, `${behind.map((text) => `,${text}`).join('')}}`);
  };
  Object.assign(result, { stringify });
}
