import type { Plugin } from 'graphql-yoga';
import { createEventResponse } from './event-response.ts';
import type { PositionedResult } from './event-text.ts';
import { createKeepAliveComments } from './keep-alive-comments.ts';
import { createOperationEvents } from './operation-events.ts';
import { type SingleConnectionModeDeps, useSingleConnectionMode } from './single-connection-mode.ts';
import { useStreamPositions } from './stream-positions.ts';

export interface EventStreamDeps extends Omit<SingleConnectionModeDeps, 'comments'> {
  readonly keepAliveMs: number;
}

/** Server-sent events as graphql-sse has them, in both modes, with cursors for ids. Yoga's own have no ids. */
export function createEventStreamPlugins({ keepAliveMs, ...deps }: EventStreamDeps): Plugin[] {
  const comments = createKeepAliveComments({ intervalMs: keepAliveMs });
  return [
    useStreamPositions(),
    {
      onResultProcess({ request, result, resultProcessor, setResultProcessor }) {
        // Without one the client accepts no event streams. An answer that is complete at once is told by yoga's, with its status.
        if (!resultProcessor || !(Symbol.asyncIterator in result)) return;
        const results = result as AsyncIterable<PositionedResult>;
        setResultProcessor(
          (_result, fetchAPI) => createEventResponse(createOperationEvents(results), request, { fetchAPI, comments }),
          'text/event-stream',
        );
      },
    },
    // Behind the other: it takes the answers that belong into a stream.
    useSingleConnectionMode({ ...deps, comments }),
  ];
}
