import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GraphQLContext, WrittenList } from '../schema/context.ts';
import type { EventLoopSlicer } from '../services/scanner/event-loop-slicer.ts';
import { answerPieces } from './answer-pieces.ts';

/** Puts lists that are text already into the text of their answer, and makes that of answers with other long lists in turns of the event loop. Yoga makes all others, in one go. */
export function useLongAnswers(): Plugin {
  return {
    onExecute: () => ({
      onExecuteDone({ args, result }) {
        const { hasLongList, writtenLists, services } = args.contextValue as unknown as GraphQLContext;
        if (!('data' in result)) return undefined;
        // Taken out: contexts are held until the next full collection of garbage, and texts are large.
        const lists = writtenLists?.splice(0) ?? [];
        if (hasLongList) return prepareInTurns(result, lists, services.slicer);
        if (lists.length > 0) prepare(result, [...answerPieces(result.data, lists)].join(''));
        return undefined;
      },
    }),
  };
}

async function prepareInTurns(result: ExecutionResult, lists: readonly WrittenList[], slicer: EventLoopSlicer): Promise<void> {
  const pieces: string[] = [];
  await slicer.turn();
  for (const piece of answerPieces(result.data, lists)) {
    pieces.push(piece);
    if (slicer.isExhausted()) await slicer.turn();
  }
  prepare(result, pieces.join(''));
}

/** Yoga asks an answer for its text where it has a function for that. */
function prepare(result: ExecutionResult, data: string): void {
  // Errors are masked behind this.
  const stringify = (answer: object): string => {
    const members = Object.entries(answer).map(([name, member]) => [name, name === 'data' ? data : JSON.stringify(member)]);
    return `{${members.flatMap(([name, text]) => (text === undefined ? [] : [`"${name}":${text}`])).join(',')}}`;
  };
  Object.assign(result, { stringify });
}
