import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GraphQLContext, WrittenList } from '../schema/context.ts';
import type { EventLoopSlicer } from '../services/scanner/event-loop-slicer.ts';
import { answerPieces } from './answer-pieces.ts';

/** Letters of lists that are text already; with more the answer gets a turn of the event loop of its own to be copied into buffers, compressed and sent. */
const LONG_TEXT = 250_000;
const BEFORE_DATA = '{"data":';
const BEHIND_DATA = '}';

/** Puts lists that are text already into the text of their answer, and makes that of answers with other long lists in turns of the event loop. Yoga makes all others, in one go. */
export function useLongAnswers(): Plugin {
  return {
    onExecute: () => ({
      onExecuteDone({ args, result }) {
        const { hasLongList, writtenLists, services } = args.contextValue as unknown as GraphQLContext;
        if (!('data' in result)) return undefined;
        // Taken out: contexts are held until the next full collection of garbage, and texts are large.
        const lists = writtenLists?.splice(0) ?? [];
        if (hasLongList || lists.reduce((length, { text }) => length + text.length, 0) > LONG_TEXT)
          return prepareInTurns(result, lists, services.slicer);
        if (lists.length > 0) prepare(result, [BEFORE_DATA, ...answerPieces(result.data, lists), BEHIND_DATA]);
        return undefined;
      },
    }),
  };
}

async function prepareInTurns(result: ExecutionResult, lists: readonly WrittenList[], slicer: EventLoopSlicer): Promise<void> {
  const pieces = [BEFORE_DATA];
  await slicer.turn();
  for (const piece of answerPieces(result.data, lists)) {
    pieces.push(piece);
    if (slicer.isExhausted()) await slicer.turn();
  }
  pieces.push(BEHIND_DATA);
  // One step that takes long: nothing is to come before it.
  await slicer.turn();
  prepare(result, pieces);
  await slicer.turn();
}

/** Yoga asks an answer for its text where it has a function for that. */
function prepare(result: ExecutionResult, pieces: readonly string[]): void {
  const withData = pieces.join('');
  // Errors are masked behind this.
  const stringify = (answer: object): string => {
    const members = Object.entries(answer).filter(([, member]) => member !== undefined && typeof member !== 'function');
    if (members.length === 1 && members[0]![0] === 'data') return withData;
    const texts = members.map(([name, member]) =>
      name === 'data' ? withData.slice(1, -BEHIND_DATA.length) : `"${name}":${JSON.stringify(member)}`,
    );
    return `{${texts.join(',')}}`;
  };
  Object.assign(result, { stringify });
}
