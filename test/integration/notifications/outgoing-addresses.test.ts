import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAddressGuard, parseAddressRange } from '../../../src/services/notifications/outgoing/address-guard.ts';
import { createGuardedPost, type GuardedPost } from '../../../src/services/notifications/outgoing/guarded-request.ts';
import { type HttpReceiver, startHttpReceiver } from '../../support/http-receiver.ts';

let outside: HttpReceiver;
let other: HttpReceiver;

beforeEach(async () => {
  [outside, other] = await Promise.all([startHttpReceiver(), startHttpReceiver()]);
});

afterEach(async () => {
  await Promise.all([outside.close(), other.close()]);
});

interface PostOptions {
  readonly resolve?: NonNullable<Parameters<typeof createAddressGuard>[0]['resolve']>;
  /** Longer than any busy machine takes, unless told otherwise. */
  readonly timeoutMs?: number;
}

/** Takes 127.0.0.1 for the Internet and everything else for what lies inside. */
function aPost({ resolve, timeoutMs = 60_000 }: PostOptions = {}): GuardedPost {
  const guard = createAddressGuard({ allowed: [parseAddressRange('127.0.0.1')], ...(resolve && { resolve }) });
  return createGuardedPost({ guard, allowHttp: true, connectTimeoutMs: timeoutMs, timeoutMs });
}

const never = new AbortController().signal;
const send = (post: GuardedPost, url: string, headers = {}) => post({ url, headers, body: 'hello' }, never);

describe('a request to an address that people have named', () => {
  it('follows a redirect that keeps the method, without the credentials when the origin is another', async () => {
    outside.answerWith(() => ({ status: 308, headers: { location: `${other.origin}/moved` } }));
    const answer = await send(aPost(), `${outside.origin}/hook`, {
      authorization: 'Bearer secret',
      'webhook-id': '1',
      'content-type': 'text/plain',
    });
    expect(answer.status).toBe(204);
    const [moved] = other.received;
    expect(moved).toMatchObject({ path: '/moved', body: 'hello' });
    expect(moved!.headers).toMatchObject({ 'webhook-id': '1', 'content-type': 'text/plain' });
    expect(moved!.headers.authorization).toBeUndefined();
  });

  it.each(['http://127.0.0.2/', 'http://169.254.169.254/latest/meta-data', 'http://[::1]/', 'http://0x7f000002/', 'file:///etc/passwd'])(
    'is not redirected to %s',
    async (location) => {
      outside.answerWith(() => ({ status: 307, headers: { location } }));
      await expect(send(aPost(), `${outside.origin}/hook`)).rejects.toThrow('expected an address');
    },
  );

  it('does not follow redirects that lose the message, and not for ever', async () => {
    outside.answerWith(() => ({ status: 302, headers: { location: `${other.origin}/` } }));
    expect((await send(aPost(), `${outside.origin}/hook`)).status).toBe(302);
    expect(other.received).toEqual([]);
    other.answerWith(() => ({ status: 307, headers: { location: '/again' } }));
    expect((await send(aPost(), `${other.origin}/hook`)).status).toBe(307);
    expect(other.received).toHaveLength(4);
  });

  it('connects to what was judged, whatever the name resolves to a moment later', async () => {
    const answers = ['127.0.0.1', '127.0.0.2', '127.0.0.1'];
    let asked = 0;
    const post = aPost({ resolve: (_name, callback) => callback(null, [{ address: answers[asked++]!, family: 4 }]) });
    const url = outside.origin.replace('127.0.0.1', 'rebinding.example');
    expect((await send(post, url)).status).toBe(204);
    await expect(send(post, url)).rejects.toThrow('expected an address that this server may reach');
    expect((await send(post, url)).status).toBe(204);
    expect(asked).toBe(3);
  });

  it('reads no more of an answer than it shows, and is over when that is cut off', async () => {
    outside.answerWith(({ path }) => ({ status: 200, body: path === '/long' ? 'x'.repeat(5_000_000) : 'ok' }));
    expect((await send(aPost(), `${outside.origin}/long`)).excerpt.length).toBeLessThanOrEqual(16_384);
    const cutting = createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\npart')));
    await new Promise<void>((resolve) => cutting.listen(0, '127.0.0.1', resolve));
    const answer = await send(aPost(), `http://127.0.0.1:${(cutting.address() as { port: number }).port}/`);
    expect(answer).toMatchObject({ status: 200, excerpt: 'part' });
    cutting.close();
  });

  it('is over in time when the answer never ends, with the status that came', async () => {
    const dripping = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.write('HTTP/1.1 500 Oops\r\ncontent-length: 100\r\n\r\n'));
    });
    await new Promise<void>((resolve) => dripping.listen(0, '127.0.0.1', resolve));
    const answer = await send(aPost({ timeoutMs: 3_000 }), `http://127.0.0.1:${(dripping.address() as { port: number }).port}/`);
    expect(answer.status).toBe(500);
    dripping.close();
  });
});
