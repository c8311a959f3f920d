import { DomainError } from '../../../domain/errors/domain-error.ts';
import { malformedFile, quoteFound } from '../decode/malformed-file.ts';
import { FeedMalformedError, FeedUnavailableError } from '../feed-errors.ts';
import { readBody } from './read-body.ts';
import { type ReadWaitMs, statusError } from './status-error.ts';
import { createTokenBucket } from './token-bucket.ts';

export interface FeedHttpClientOptions {
  /** Root of the API; what is asked for is appended to its path. */
  readonly baseUrl: string;
  readonly requestsPerSecond: number;
  /** Requests that may follow each other without a wait. */
  readonly burst: number;
  /** From the request to the last byte of the answer; waiting for a turn is not counted. */
  readonly timeoutMs: number;
  /** Sent with every request; their values show up in no error. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Largest answer that is read; default 64 MiB (the largest chain known, SPX of Cboe, has about 10). */
  readonly maximumBytes?: number;
  /** How long to wait after a 429 without Retry-After, from the vendor's own headers. */
  readonly readWaitMs?: ReadWaitMs;
}

export interface FeedHttpRequest {
  /** Appended to the base URL, beginning with a slash; parts that come from outside are encoded by the caller. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Statuses besides 2xx whose answers the caller reads itself. */
  readonly alsoRead?: readonly number[];
}

export interface FeedHttpAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
  /** Address without query and credentials, for messages. */
  readonly source: string;
}

/**
 * GET requests of a feed: paced, limited in time and size. Failures are FeedErrors or the signal's reason: FeedUnavailableError for the network, timeouts, answers cut short, 429
 * (with what Retry-After says) and 5xx; FeedRefusedError for 401 and 403; FeedMalformedError for other statuses, answers too large and what is not JSON. Nothing is tried twice:
 * that is the scanner's to decide.
 */
export interface FeedHttpClient {
  getBytes(request: FeedHttpRequest): Promise<FeedHttpAnswer<Uint8Array>>;
  getJson(request: FeedHttpRequest): Promise<FeedHttpAnswer<unknown>>;
}

const DEFAULT_MAXIMUM_BYTES = 64 * 1024 * 1024;

export function createFeedHttpClient(options: FeedHttpClientOptions): FeedHttpClient {
  const { timeoutMs, clock, maximumBytes = DEFAULT_MAXIMUM_BYTES } = options;
  const { baseUrl, authorization } = splitCredentials(options.baseUrl);
  const headers = { ...authorization, ...options.headers };
  const bucket = createTokenBucket({ perSecond: options.requestsPerSecond, burst: options.burst, clock });

  async function getBytes({ path, query, signal, alsoRead = [] }: FeedHttpRequest): Promise<FeedHttpAnswer<Uint8Array>> {
    await bucket.take(signal);
    const url = addressOf(baseUrl, path, query);
    const source = `${url.origin}${url.pathname}`;
    const limit = limitTime(signal, timeoutMs);
    try {
      const response = await fetch(url, { headers, signal: limit.signal });
      if (!response.ok && !alsoRead.includes(response.status)) {
        // The status is told already, also when the rest of the answer was cut off.
        await response.body?.cancel().catch(() => {});
        throw statusError(response, source, clock(), options.readWaitMs);
      }
      return { status: response.status, headers: response.headers, body: await readBody(response, maximumBytes, source), source };
    } catch (error) {
      signal.throwIfAborted();
      if (limit.isOver()) throw new FeedUnavailableError(`${source}: expected the whole answer within ${timeoutMs} ms, got less`);
      throw error instanceof DomainError ? error : new FeedUnavailableError(`${source}: ${reasonOf(error)}`, { cause: error });
    } finally {
      limit.release();
    }
  }

  return {
    getBytes,
    async getJson(request) {
      const answer = await getBytes(request);
      return { ...answer, body: parseJson(answer.body, answer.source) };
    },
  };
}

/** fetch takes no credentials in a URL, and repeats them in its complaint. */
function splitCredentials(text: string): { baseUrl: string; authorization: Record<string, string> } {
  if (!URL.canParse(text)) throw new FeedMalformedError('expected the URL of an API, got one that cannot be read');
  const url = new URL(text);
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return {
    baseUrl: url.href.replace(/\/+$/, ''),
    authorization: credentials === ':' ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
  };
}

function addressOf(baseUrl: string, path: string, query: FeedHttpRequest['query'] = {}): URL {
  const url = new URL(`${baseUrl}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

/** A signal that also aborts after the time. Not AbortSignal.any: the caller's signal may live as long as the process, and would keep what hangs on it. */
function limitTime(outer: AbortSignal, timeoutMs: number): { signal: AbortSignal; isOver: () => boolean; release: () => void } {
  const controller = new AbortController();
  let over = false;
  const abort = (): void => controller.abort(outer.reason);
  const timer = setTimeout(() => {
    over = true;
    controller.abort();
  }, timeoutMs);
  outer.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    isOver: () => over,
    release() {
      clearTimeout(timer);
      outer.removeEventListener('abort', abort);
    },
  };
}

/** fetch says "fetch failed" or "terminated" and keeps the reason (ECONNREFUSED, other side closed) in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  const inner = cause as { code?: unknown; message?: unknown } | undefined;
  const detail = inner?.message || inner?.code;
  return `the request failed: ${message}${detail ? ` (${detail})` : ''}`;
}

function parseJson(bytes: Uint8Array, source: string): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch {
    throw malformedFile(source, '', 'a JSON document', `${bytes.length} bytes that are none and begin with ${quoteFound(text)}`);
  }
}
