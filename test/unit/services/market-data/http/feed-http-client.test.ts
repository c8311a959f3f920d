import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeedMalformedError, FeedRefusedError, FeedUnavailableError } from '../../../../../src/services/market-data/feed-errors.ts';
import { createFeedHttpClient, type FeedHttpClientOptions } from '../../../../../src/services/market-data/http/feed-http-client.ts';
import { answerHalf, answerJson, startVendorServer, type VendorServer } from '../../../../support/vendors/start-vendor-server.ts';

let vendor: VendorServer;
beforeAll(async () => {
  vendor = await startVendorServer();
});
afterAll(() => vendor.close());

const signal = new AbortController().signal;

function aClient(overrides: Partial<FeedHttpClientOptions> = {}) {
  return createFeedHttpClient({
    baseUrl: `${vendor.url}/v1/`,
    requestsPerSecond: 1_000,
    burst: 100,
    timeoutMs: 5_000,
    clock: Date.now,
    ...overrides,
  });
}

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.fail('expected a rejection'),
    (error: Error) => error,
  );
}

describe('feed HTTP client', () => {
  it('appends path and query to the base address and sends its headers', async () => {
    vendor.handle((_request, response) => answerJson(response, { a: 1 }));
    const { body, status, source } = await aClient({ headers: { authorization: 'Bearer abc' } }).getJson({
      path: '/markets/quotes',
      query: { symbols: 'A&B' },
      signal,
    });
    expect(body).toEqual({ a: 1 });
    expect(status).toBe(200);
    expect(source).toBe(`${vendor.url}/v1/markets/quotes`);
    expect(vendor.requests.at(-1)).toBe('/v1/markets/quotes?symbols=A%26B');
    expect(vendor.headers.at(-1)?.authorization).toBe('Bearer abc');
  });

  it('sends credentials of the address as a header and keeps them out of errors', async () => {
    vendor.handle((_request, response) => answerJson(response, {}, 500));
    const client = aClient({ baseUrl: vendor.url.replace('http://', 'http://me:s3cret@') });
    const error = await failureOf(client.getJson({ path: '/x', signal }));
    expect(vendor.headers.at(-1)?.authorization).toBe(`Basic ${Buffer.from('me:s3cret').toString('base64')}`);
    expect(error.message).not.toContain('s3cret');
    expect(() => aClient({ baseUrl: 'http://me:s3cret@:x' })).toThrow(/^expected the URL of an API, got one that cannot be read$/);
  });

  it.each([
    [500, FeedUnavailableError],
    [503, FeedUnavailableError],
    [408, FeedUnavailableError],
    [401, FeedRefusedError],
    [403, FeedRefusedError],
    [400, FeedMalformedError],
    [404, FeedMalformedError],
  ])('takes HTTP %i for a %o', async (status, expected) => {
    vendor.handle((_request, response) => answerJson(response, { echo: 'the-token' }, status));
    const error = await failureOf(aClient().getJson({ path: '/x', signal }));
    expect(error).toBeInstanceOf(expected);
    expect(error.message).toContain(`${vendor.url}/v1/x: expected HTTP status 200, got ${status}`);
    expect(error.message).not.toContain('the-token');
  });

  it('leaves statuses to the caller that it wants to read itself', async () => {
    vendor.handle((_request, response) => answerJson(response, { error: 1 }, 400));
    const { status, body } = await aClient().getJson({ path: '/x', signal, alsoRead: [400] });
    expect([status, body]).toEqual([400, { error: 1 }]);
  });

  it('tells how long 429 asks to wait, in seconds or as a date', async () => {
    const clock = () => Date.UTC(2026, 6, 1);
    vendor.handle((_request, response) => answerJson(response, {}, 429, { 'retry-after': '12' }));
    const client = aClient({ clock });
    expect(await failureOf(client.getJson({ path: '/x', signal }))).toMatchObject({ code: 'FEED_UNAVAILABLE', retryAfterMs: 12_000 });
    vendor.handle((_request, response) => answerJson(response, {}, 429, { 'retry-after': 'Wed, 01 Jul 2026 00:00:05 GMT' }));
    expect(await failureOf(client.getJson({ path: '/x', signal }))).toMatchObject({ retryAfterMs: 5_000 });
    vendor.handle((_request, response) => answerJson(response, {}, 429));
    expect(await failureOf(client.getJson({ path: '/x', signal }))).toMatchObject({ retryAfterMs: undefined });
  });

  it('asks the headers of the vendor about too many requests only', async () => {
    const client = aClient({ readWaitMs: (headers) => Number(headers.get('x-wait')) });
    const answerWith = async (status: number, headers: Record<string, string> = {}) => {
      vendor.handle((_request, response) => answerJson(response, {}, status, { 'x-wait': '900', ...headers }));
      return failureOf(client.getJson({ path: '/x', signal }));
    };
    expect(await answerWith(429)).toMatchObject({ code: 'FEED_UNAVAILABLE', retryAfterMs: 900 });
    expect(await answerWith(429, { 'retry-after': '2' })).toMatchObject({ retryAfterMs: 2_000 });
    expect(await answerWith(503)).toMatchObject({ code: 'FEED_UNAVAILABLE', retryAfterMs: undefined });
    expect(await answerWith(503, { 'retry-after': '2' })).toMatchObject({ retryAfterMs: 2_000 });
  });

  it('goes by the status of a refusal that is cut short', async () => {
    vendor.handle((_request, response) => {
      response.writeHead(429, { 'retry-after': '7', 'content-length': '1000' });
      response.write('{', () => response.socket?.destroy());
    });
    expect(await failureOf(aClient().getJson({ path: '/x', signal }))).toMatchObject({ code: 'FEED_UNAVAILABLE', retryAfterMs: 7_000 });
  });

  it('calls an answer that is cut short unavailable', async () => {
    vendor.handle((_request, response) => answerHalf(response));
    const error = await failureOf(aClient().getJson({ path: '/x', signal }));
    expect(error).toBeInstanceOf(FeedUnavailableError);
    expect(error.message).toContain('the request failed: terminated');
  });

  it('calls a server that is not there unavailable, with the reason', async () => {
    const error = await failureOf(aClient({ baseUrl: 'http://127.0.0.1:9' }).getJson({ path: '/x', signal }));
    expect(error).toBeInstanceOf(FeedUnavailableError);
    expect(error.message).toMatch(/^http:\/\/127\.0\.0\.1:9\/x: the request failed: fetch failed \(.+\)$/);
  });

  it.each(['headers', 'body'])('gives up on an answer whose %s hang', async (part) => {
    vendor.handle((_request, response) => {
      if (part === 'body') response.writeHead(200).write('{');
    });
    const error = await failureOf(aClient({ timeoutMs: 30 }).getJson({ path: '/x', signal }));
    expect(error).toBeInstanceOf(FeedUnavailableError);
    expect(error.message).toContain('within 30 ms');
  });

  it('rejects with the reason of an abort while the answer is under way', async () => {
    const controller = new AbortController();
    const reason = new Error('shutting down');
    vendor.handle((_request, response) => {
      response.writeHead(200).write('{', () => controller.abort(reason));
    });
    expect(await failureOf(aClient().getJson({ path: '/x', signal: controller.signal }))).toBe(reason);
  });

  it('stops reading an answer that is too large', async () => {
    vendor.handle((_request, response) => answerJson(response, 'x'.repeat(2_000)));
    const error = await failureOf(aClient({ maximumBytes: 1_000 }).getBytes({ path: '/x', signal }));
    expect(error).toBeInstanceOf(FeedMalformedError);
    expect(error.message).toContain('expected at most 1000 bytes, got more');
  });

  it('names what it found instead of JSON', async () => {
    vendor.handle((_request, response) => response.end('<html>maintenance</html>'));
    const error = await failureOf(aClient().getJson({ path: '/x', signal }));
    expect(error).toBeInstanceOf(FeedMalformedError);
    expect(error.message).toContain('expected a JSON document, found 24 bytes that are none and begin with "<html>maintenance</html>"');
  });
});
