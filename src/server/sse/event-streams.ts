import type { FetchAPI, Plugin } from 'graphql-yoga';
import type { Session } from '../../services/access/session.ts';
import { createEventResponse } from './event-response.ts';
import type { OpenEventSession } from './event-session.ts';
import type { PositionedResult } from './event-text.ts';
import { createKeepAliveComments } from './keep-alive-comments.ts';
import { createOperationEvents } from './operation-events.ts';
import { type SingleConnectionModeDeps, useSingleConnectionMode } from './single-connection-mode.ts';
import { type ReaderBacklog, useStreamPositions } from './stream-positions.ts';

export interface EventStreamDeps extends Omit<SingleConnectionModeDeps, 'comments' | 'backlogs'> {
  readonly openSession: OpenEventSession;
  readonly keepAliveMs: number;
}

/** Server-sent events as graphql-sse has them, in both modes, with cursors for ids. Yoga's own have no ids. */
export function createEventStreamPlugins({ keepAliveMs, ...deps }: EventStreamDeps): Plugin[] {
  const { requestViewer, openSession, maskError } = deps;
  const comments = createKeepAliveComments({ intervalMs: keepAliveMs });
  const backlogs = new WeakMap<Request, ReaderBacklog>();

  async function answer(request: Request, results: AsyncIterable<PositionedResult>, fetchAPI: FetchAPI): Promise<Response> {
    const events = createOperationEvents(results, backlogs.get(request));
    let session: Session;
    try {
      session = openSession(await requestViewer(request), events);
    } catch (error) {
      // Revoked between the beginning and now.
      events.endWith({ errors: [maskError(error)] });
      return createEventResponse(events, request, { fetchAPI, comments });
    }
    session.subscriptionBegan();
    const close = () => {
      events.close();
      session.subscriptionEnded();
      session.close();
    };
    return createEventResponse({ next: events.next, close }, request, { fetchAPI, comments });
  }

  return [
    useStreamPositions(backlogs),
    {
      onResultProcess({ request, result, resultProcessor, setResultProcessor }) {
        // Without one the client accepts no event streams. An answer that is complete at once is told by yoga's, with its status.
        if (!resultProcessor || !(Symbol.asyncIterator in result)) return;
        const results = result as AsyncIterable<PositionedResult>;
        setResultProcessor((_result, fetchAPI) => answer(request, results, fetchAPI), 'text/event-stream');
      },
    },
    // Behind the other: it takes the answers that belong into a stream.
    useSingleConnectionMode({ ...deps, backlogs, comments }),
  ];
}
