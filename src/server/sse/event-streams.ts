import type { ExecutionResult } from 'graphql';
import { type FetchAPI, type Plugin, processRegularResult } from 'graphql-yoga';
import type { Session } from '../../services/access/session.ts';
import { AnswerBody } from '../answer-body.ts';
import { isWritten, wrapText } from '../answer-text.ts';
import { COMMENT, createEventResponse, EVENT_HEADERS } from './event-response.ts';
import type { OpenEventSession } from './event-session.ts';
import { completeEvent, nextEvent, type PositionedResult } from './event-text.ts';
import { createKeepAliveComments } from './keep-alive-comments.ts';
import { createOperationEvents } from './operation-events.ts';
import { type SingleConnectionModeDeps, useSingleConnectionMode } from './single-connection-mode.ts';
import { type ReaderBacklog, useStreamPositions } from './stream-positions.ts';

const EVENT_STREAM = 'text/event-stream';
/** To who accepts answers in parts beside events, whichever first, Yoga sends an answer that is complete at once in parts. */
const IN_PARTS = /\bmultipart\//i;

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
        // Without one the client accepts no event streams.
        if (!resultProcessor) return;
        if (Symbol.asyncIterator in result) {
          const results = result as AsyncIterable<PositionedResult>;
          setResultProcessor((_result, fetchAPI) => answer(request, results, fetchAPI), EVENT_STREAM);
        } else if (isWritten(result) && resultProcessor !== processRegularResult && !IN_PARTS.test(request.headers.get('accept') ?? '')) {
          // An answer that is complete at once is told by yoga's, unless it is too long to be one text.
          const text = wrapText(COMMENT, nextEvent(result, null), completeEvent(null));
          if (text instanceof AnswerBody) setResultProcessor((_result, fetchAPI) => eventsOf(text, result, fetchAPI), EVENT_STREAM);
        }
      },
    },
    // Behind the other: it takes the answers that belong into a stream.
    useSingleConnectionMode({ ...deps, backlogs, comments }),
  ];
}

/** With the status and the headers that its errors ask for. */
function eventsOf(events: AnswerBody, { errors }: ExecutionResult, fetchAPI: FetchAPI): Response {
  const { status, headers } = processRegularResult({ data: null, ...(errors && { errors }) }, fetchAPI, 'application/json');
  for (const [name, value] of Object.entries(EVENT_HEADERS)) headers.set(name, value);
  headers.delete('content-length');
  return new fetchAPI.Response(events as unknown as BodyInit, { status, headers });
}
