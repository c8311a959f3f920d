import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { GRAPHIQL_SIGN_IN } from '../../../src/server/graphiql-sign-in.ts';

const ORIGIN = 'https://options.example';
const KEPT = 'Bearer kept';

interface Element {
  readonly children: Element[];
  textContent?: string;
}

/** What the script finds in a browser: what it sends is seen, what it shows as well. */
function aPage({ kept, status = 200 }: { kept?: string; status?: number }) {
  const sent: Record<string, string>[] = [];
  const frames: unknown[] = [];
  const shown: Element[] = [];
  class Socket {
    readonly closing: ((event: { code: number; reason: string }) => void)[] = [];
    addEventListener(_name: string, listener: (event: { code: number; reason: string }) => void) {
      this.closing.push(listener);
    }
    send(data: string) {
      frames.push(JSON.parse(data));
    }
  }
  const element = (): Element & Record<string, unknown> => {
    const children: Element[] = [];
    const append = (...more: Element[]) => void children.push(...more);
    return { style: {}, children, append, addEventListener: () => {}, showModal: () => {} };
  };
  const window = {
    fetch: async (_address: string, init?: { headers?: HeadersInit }) => {
      sent.push(Object.fromEntries(new Headers(init?.headers)));
      return Response.json({ errors: [{ message: 'expected a token' }] }, { status });
    },
  };
  const script = /<script>(.*)<\/script>/s.exec(GRAPHIQL_SIGN_IN)![1]!;
  runInNewContext(script, {
    window,
    Headers,
    Request,
    URL,
    WebSocket: Socket,
    sessionStorage: { getItem: () => kept ?? null },
    location: { href: `${ORIGIN}/graphiql`, origin: ORIGIN },
    document: { createElement: element, body: { append: (made: Element) => void shown.push(made) } },
    addEventListener: () => {},
  });
  return {
    sent,
    frames,
    socket: () => new Socket(),
    fetch: window.fetch,
    /** Every text of the form that asks for a token; null while there is none. */
    asked: () => (shown.length === 0 ? null : JSON.stringify(shown)),
  };
}

describe('signed in, GraphiQL', () => {
  it('sends the token to this server, and to no other', async () => {
    const { fetch, sent } = aPage({ kept: KEPT });
    await fetch('/graphql', { headers: { accept: 'application/json' } });
    await fetch('https://elsewhere.example/graphql');
    await fetch('/health');
    expect(sent).toEqual([{ accept: 'application/json', authorization: KEPT }, {}, {}]);
  });

  it('opens WebSockets with it', () => {
    const { socket, frames } = aPage({ kept: KEPT });
    socket().send('{"type":"connection_init","payload":{"client":"GraphiQL"}}');
    socket().send('{"type":"connection_init"}');
    socket().send('{"type":"ping"}');
    expect(frames).toEqual([
      { type: 'connection_init', payload: { client: 'GraphiQL', authorization: KEPT } },
      { type: 'connection_init', payload: { authorization: KEPT } },
      { type: 'ping' },
    ]);
  });

  it.each([{ Authorization: 'Bearer another' }, { 'X-API-Key': 'another' }])('leaves %j of the pane of headers alone', async (headers) => {
    const page = aPage({ kept: KEPT, status: 401 });
    const message = { type: 'connection_init', payload: headers };
    await page.fetch('/graphql', { headers: headers as HeadersInit });
    page.socket().send(JSON.stringify(message));
    expect(page.sent).toEqual([Object.fromEntries(new Headers(headers as HeadersInit))]);
    expect(page.frames).toEqual([message]);
    expect(page.asked()).toBeNull();
  });
});

describe('GraphiQL asks for a token', () => {
  it('when an operation is refused for want of one, and says why', async () => {
    const page = aPage({ status: 401 });
    expect((await page.fetch('/graphql')).status).toBe(401);
    await vi.waitFor(() => expect(page.asked()).toContain('expected a token'));
    expect(page.sent).toEqual([{}]);
  });

  it('when a WebSocket is closed for want of one', () => {
    const page = aPage({});
    const socket = page.socket();
    socket.send('{"type":"connection_init","payload":{}}');
    socket.closing[0]!({ code: 1001, reason: 'going away' });
    expect(page.asked()).toBeNull();
    socket.closing[0]!({ code: 4403, reason: 'the token has expired' });
    expect(page.asked()).toContain('the token has expired');
  });

  it('never of a server that answers', async () => {
    const page = aPage({});
    await page.fetch('/graphql');
    expect(page.asked()).toBeNull();
  });
});
