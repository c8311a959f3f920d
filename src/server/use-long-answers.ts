import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GraphQLContext } from '../schema/context.ts';
import type { EventLoopSlicer } from '../services/scanner/event-loop-slicer.ts';
import { jsonPieces } from './json-pieces.ts';

/** Makes the text of answers with long lists in turns of the event loop; that of all others is made in one go, as ever. */
export function useLongAnswers(): Plugin {
  return {
    onExecute: () => ({
      onExecuteDone({ args, result }) {
        const { hasLongList, services } = args.contextValue as unknown as GraphQLContext;
        return hasLongList && 'data' in result ? prepareText(result, services.slicer) : undefined;
      },
    }),
  };
}

/** Yoga asks an answer for its text where it has a function for that. */
async function prepareText(result: ExecutionResult, slicer: EventLoopSlicer): Promise<void> {
  const pieces: string[] = [];
  await slicer.turn();
  for (const piece of jsonPieces(result.data)) {
    pieces.push(piece);
    if (slicer.isExhausted()) await slicer.turn();
  }
  const data = pieces.join('');
  // Errors are masked behind this.
  const stringify = (answer: object): string => {
    const members = Object.entries(answer).map(([name, member]) => [name, name === 'data' ? data : JSON.stringify(member)]);
    return `{${members.flatMap(([name, text]) => (text === undefined ? [] : [`"${name}":${text}`])).join(',')}}`;
  };
  Object.assign(result, { stringify });
}
