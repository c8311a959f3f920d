import { Readable } from 'node:stream';
import type { FetchAPI } from 'graphql-yoga';
import type { AnswerText } from '../answer-text.ts';
import type { KeepAliveComments } from './keep-alive-comments.ts';

/** Nothing between here and the client may keep events back: not a cache, not a compressing proxy, not nginx. */
export const EVENT_HEADERS = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' };
/** A line that clients ignore. Also the first one: some browsers tell of an answer only when something of it has come. */
export const COMMENT = ':\n\n';

/** Where the events of one answer come from. */
export interface EventTexts {
  /** Waits for the next one; null: that was all. Asked only when the client has room for it. */
  next(): Promise<AnswerText | null>;
  /** The answer is over: sent, or the client has gone. */
  close(): void;
}

export interface EventResponseDeps {
  readonly fetchAPI: FetchAPI;
  readonly comments: KeepAliveComments;
}

/** An answer that goes on as long as its events do, and no longer than its request: of a client that has gone meanwhile, nobody reads the answer or gives it up. */
export function createEventResponse(
  events: EventTexts,
  { signal }: Pick<Request, 'signal'>,
  { fetchAPI, comments }: EventResponseDeps,
): Response {
  let isAsked = false;
  let isOver = false;
  const body = new Readable({
    read() {
      if (isAsked) return;
      isAsked = true;
      events.next().then(
        (text) => {
          isAsked = false;
          isOver ||= text === null;
          if (text === null || typeof text === 'string') body.push(text);
          else for (const chunk of text.chunks) body.push(chunk);
        },
        (error: unknown) => body.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    },
    destroy(error, done) {
      isOver = true;
      removeComment();
      events.close();
      done(error);
    },
  });
  body.push(COMMENT);
  const removeComment = comments.add(() => {
    // What waits says enough.
    if (!isOver && body.readableLength === 0) body.push(COMMENT);
  });
  if (signal.aborted) body.destroy();
  else signal.addEventListener('abort', () => body.destroy(), { once: true });
  return new fetchAPI.Response(body as unknown as ReadableStream, { status: 200, headers: EVENT_HEADERS });
}
