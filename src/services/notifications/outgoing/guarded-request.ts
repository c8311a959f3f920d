import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { AddressGuard } from './address-guard.ts';
import { BlockedAddressError } from './blocked-address-error.ts';
import { TooSlowError } from './too-slow-error.ts';

export interface GuardedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as POST. */
  readonly body: string;
}

export interface GuardedAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  /** The beginning of the body, as far as it came in time. */
  readonly excerpt: string;
}

/** POST requests to addresses that people have named. */
export type GuardedPost = (request: GuardedRequest, signal: AbortSignal) => Promise<GuardedAnswer>;

export interface GuardedPostDeps {
  readonly guard: AddressGuard;
  readonly allowHttp: boolean;
  /** From the name to the encrypted connection; for each of the redirects anew. */
  readonly connectTimeoutMs: number;
  /** For everything, redirects included. */
  readonly timeoutMs: number;
}

/** The only redirects that keep the method and the body (RFC 9110, 15.4.8 and 15.4.9). */
const REDIRECTS: ReadonlySet<number> = new Set([307, 308]);
const MOST_REDIRECTS = 3;
/** What follows is not read: an endless answer must not fill the memory. */
const MOST_BODY_BYTES = 16_384;

/** @throws (the function made) BlockedAddressError, TooSlowError, the signal's reason, what the network says */
export function createGuardedPost({ guard, allowHttp, connectTimeoutMs, timeoutMs }: GuardedPostDeps): GuardedPost {
  return async (request, signal) => {
    const controller = new AbortController();
    const abort = () => controller.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(() => controller.abort(new TooSlowError(`expected an answer within ${timeoutMs} ms, got none`)), timeoutMs);
    try {
      let { url, headers } = request;
      for (let redirects = 0; ; redirects++) {
        const target = checkedTarget(url, guard, allowHttp);
        const { location, ...answer } = await post(target, headers, request.body, { guard, connectTimeoutMs, signal: controller.signal });
        if (!REDIRECTS.has(answer.status) || location === null || !URL.canParse(location, url)) return answer;
        if (redirects === MOST_REDIRECTS) return { ...answer, excerpt: `more than ${MOST_REDIRECTS} redirects` };
        const next = new URL(location, url);
        // Credentials are for whom they were given.
        if (next.origin !== target.origin) headers = withoutCredentials(headers);
        url = next.href;
      }
    } catch (error) {
      throw controller.signal.aborted ? controller.signal.reason : error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  };
}

function checkedTarget(url: string, guard: AddressGuard, allowHttp: boolean): URL {
  // The standard's parser turns decimal, octal and hexadecimal hosts into ordinary addresses.
  const target = new URL(url);
  if (target.protocol !== 'https:' && !(allowHttp && target.protocol === 'http:')) {
    throw new BlockedAddressError(
      `expected an address beginning with https://, got ${target.protocol}//; see NOTIFICATIONS_ALLOW_INSECURE`,
    );
  }
  guard.checkHost(target.hostname);
  return target;
}

/** Only what describes the message goes to another origin. */
function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => /^(content-|webhook-|user-agent$)/i.test(name)));
}

interface PostOptions {
  readonly guard: AddressGuard;
  readonly connectTimeoutMs: number;
  readonly signal: AbortSignal;
}

function post(
  target: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  { guard, connectTimeoutMs, signal }: PostOptions,
): Promise<GuardedAnswer & { location: string | null }> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body);
    const request: ClientRequest = (target.protocol === 'https:' ? requestHttps : requestHttp)(target, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(bytes.length) },
      // A connection of its own: one that was kept would pass by the guard.
      agent: false,
      lookup: guard.lookup,
      signal,
    });
    const timer = setTimeout(
      () => request.destroy(new TooSlowError(`expected a connection within ${connectTimeoutMs} ms, got none`)),
      connectTimeoutMs,
    );
    request.on('socket', (socket) => socket.once(target.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(timer)));
    request.on('close', () => clearTimeout(timer));
    request.on('error', reject);
    request.on('response', (response) => {
      // Whatever breaks from here on, the receiver has answered: to fail now would send the message twice.
      request.off('error', reject).on('error', () => {});
      const { statusCode = 0, headers: answered } = response;
      readExcerpt(response, (excerpt) => {
        resolve({ status: statusCode, retryAfter: answered['retry-after'] ?? null, location: answered.location ?? null, excerpt });
        request.destroy();
      });
    });
    request.end(bytes);
  });
}

/** The status is what decides: a body that is cut off, too long or too slow changes nothing. */
function readExcerpt(response: IncomingMessage, done: (excerpt: string) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MOST_BODY_BYTES) response.destroy();
  });
  response.on('error', () => {});
  response.on('close', () => done(Buffer.concat(chunks).subarray(0, MOST_BODY_BYTES).toString('utf8')));
}
