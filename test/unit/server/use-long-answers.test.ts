import { createServer, type IncomingMessage, request as newRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import compression from 'compression';
import { GraphQLError } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type LoaderSources, Loaders } from '../../../src/loaders/loaders.ts';
import type { GraphQLContext } from '../../../src/schema/context.ts';
import { withListsInTurns } from '../../../src/schema/lists-in-turns.ts';
import { AnswerBody } from '../../../src/server/answer-body.ts';
import { createEventConnections } from '../../../src/server/sse/event-connections.ts';
import { createEventStreamPlugins } from '../../../src/server/sse/event-streams.ts';
import { useLongAnswers } from '../../../src/server/use-long-answers.ts';
import { useTextAnswers } from '../../../src/server/use-text-answers.ts';
import { aCountingSlicer } from '../../support/a-counting-slicer.ts';

const ROWS = 20_000;
/** Far less than the answer has, and somewhat more than the server makes bytes of in one go. */
const LONGEST_PIECE = 50_000;
const QUERY = '{ rows { number text } }';
const TEXT = 'Prämie ≥ 5 €, 📈';
const DATA = { rows: Array.from({ length: ROWS }, (_row, number) => ({ number, text: TEXT })) };

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
  vi.restoreAllMocks();
});

interface Asked {
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** A server of long lists behind compression, and the pieces in which it sends its answers. */
async function aServer({ batching = false } = {}) {
  const typeDefs = 'type Query { rows: [Row!]! failing: Int denied: Int } type Row { number: Int! text: String! odd: Int }';
  const failing = () => {
    throw new Error('no such thing');
  };
  const denied = () => {
    throw new GraphQLError('no', { extensions: { http: { status: 401, headers: { 'www-authenticate': 'Bearer' } } } });
  };
  const notUsed = () => {
    throw new Error('not used');
  };
  const { slicer } = aCountingSlicer(8);
  const yoga = createYoga({
    schema: withListsInTurns(
      createSchema({
        typeDefs,
        resolvers: {
          Query: { rows: () => DATA.rows, failing, denied },
          Row: { odd: ({ number }: { number: number }) => (number === 700 ? failing() : null) },
        },
      }),
    ),
    graphiql: false,
    logging: false,
    maskedErrors: false,
    batching,
    context: () => ({ loaders: new Loaders({} as LoaderSources), services: { slicer } }),
    plugins: [
      {
        onExecute: ({ args }: { args: { contextValue: unknown } }) => ({
          onExecuteDone() {
            const { writtenLists } = args.contextValue as GraphQLContext;
            longestPiece = writtenLists!.flatMap(({ pieces }) => pieces).reduce((most, { length }) => Math.max(most, length), 0);
          },
        }),
      },
      ...createEventStreamPlugins({
        connections: createEventConnections({ newToken: notUsed, openSession: notUsed }),
        attached: new WeakMap(),
        beginning: new WeakMap(),
        admission: { admit: notUsed, openSocket: notUsed },
        requestViewer: notUsed,
        openSession: notUsed,
        maskError: notUsed,
        keepAliveMs: 12_000,
      }),
      useLongAnswers(),
      useTextAnswers(),
    ],
  });
  let longestPiece = 0;
  const sent: number[] = [];
  const closed: Promise<void>[] = [];
  const compress = compression({ threshold: 0, filter: () => true });
  const server = createServer((request, response) => {
    closed.push(new Promise((resolve) => response.once('close', resolve)));
    compress(request as never, response as never, () => {
      const write = response.write.bind(response) as (piece: Buffer) => boolean;
      response.write = ((piece: Buffer) => {
        sent.push(piece.length);
        return write(piece);
      }) as typeof response.write;
      void yoga(request, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const ask = async ({ headers = {}, body = { query: QUERY } }: Asked = {}) => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = newRequest({
        port,
        method: 'POST',
        path: '/graphql',
        agent: false,
        headers: { 'content-type': 'application/json', ...headers },
      });
      asked.once('response', resolve).once('error', reject);
      asked.end(JSON.stringify(body));
    });
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return { status: response.statusCode, headers: response.headers, bytes: Buffer.concat(chunks) };
  };
  return { ask, port, sent, closed, longestPiece: () => longestPiece };
}

const WHOLE = Buffer.from(JSON.stringify({ data: DATA }));

describe('an answer with a long list', () => {
  it('is sent in pieces and never one text', async () => {
    const joined = vi.spyOn(AnswerBody.prototype, Symbol.toPrimitive);
    const { ask, sent, longestPiece } = await aServer();
    const { status, headers, bytes } = await ask({ headers: { accept: 'application/graphql-response+json' } });
    expect([status, headers['content-type']]).toEqual([200, 'application/graphql-response+json; charset=utf-8']);
    expect(bytes.equals(WHOLE)).toBe(true);
    expect(Number(headers['content-length'])).toBe(WHOLE.length);
    expect(Math.max(...sent)).toBeLessThan(LONGEST_PIECE);
    // Few of them, too.
    expect(sent.length).toBeLessThan(WHOLE.length / 20_000);
    expect(longestPiece()).toBeGreaterThan(0);
    expect(longestPiece()).toBeLessThan(LONGEST_PIECE);
    expect(joined).not.toHaveBeenCalled();
  });

  it('is so too when the executor completed its list, because a field of a row fails', async () => {
    const { ask, sent, longestPiece } = await aServer();
    const { bytes } = await ask({ body: { query: '{ rows { number text odd } }' } });
    const { data, errors } = JSON.parse(bytes.toString());
    expect(data.rows).toEqual(DATA.rows.map((row) => ({ ...row, odd: null })));
    expect(errors).toMatchObject([{ message: 'no such thing', path: ['rows', 700, 'odd'] }]);
    expect(longestPiece()).toBe(0);
    expect(Math.max(...sent)).toBeLessThan(LONGEST_PIECE);
  });

  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ])('is compressed with %s as it is sent, once', async (encoding, open) => {
    const complained = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { ask, sent } = await aServer();
    const { headers, bytes } = await ask({ headers: { 'accept-encoding': encoding } });
    expect([headers['content-encoding'], headers['content-length']]).toEqual([encoding, undefined]);
    expect(open(bytes).equals(WHOLE)).toBe(true);
    expect(Math.max(...sent)).toBeLessThan(LONGEST_PIECE);
    expect(sent.reduce((bytesSent, length) => bytesSent + length, 0)).toBe(WHOLE.length);
    expect(complained).not.toHaveBeenCalled();
  });

  it('has its length to a client of HTTP/1.0 too, and to one that uses GET', async () => {
    const { ask, port } = await aServer();
    const client = connect(port, '127.0.0.1');
    client.write(`GET /graphql?query=${encodeURIComponent(QUERY)} HTTP/1.0\r\naccept: application/json\r\n\r\n`);
    const chunks: Buffer[] = [];
    for await (const chunk of client) chunks.push(chunk as Buffer);
    const answer = Buffer.concat(chunks);
    const behindHeaders = answer.indexOf('\r\n\r\n') + 4;
    expect(answer.subarray(0, behindHeaders).toString()).toMatch(new RegExp(`^content-length: ${WHOLE.length}\r$`, 'im'));
    expect(answer.subarray(behindHeaders).equals(WHOLE)).toBe(true);
    expect((await ask()).bytes.equals(WHOLE)).toBe(true);
  });

  it('has its errors too', async () => {
    const { ask, sent } = await aServer();
    const { bytes } = await ask({ body: { query: `{ failing rows { number text } }` } });
    const { data, errors } = JSON.parse(bytes.toString());
    expect(data).toEqual({ failing: null, ...DATA });
    expect(errors).toMatchObject([{ message: 'no such thing', path: ['failing'] }]);
    expect(Math.max(...sent)).toBeLessThan(LONGEST_PIECE);
  });

  it('has the status and the headers that its errors ask for in a stream of events too, as a short one', async () => {
    const { ask } = await aServer();
    const denied = async (beside: string) => {
      const { status, headers, bytes } = await ask({ headers: { accept: 'text/event-stream' }, body: { query: `{ denied ${beside} }` } });
      const [, data] = /^event: next\ndata: (.*)$/m.exec(bytes.toString())!;
      return { asked: [status, headers['content-type'], headers['www-authenticate']], errors: JSON.parse(data!).errors };
    };
    const long = await denied('rows { number text }');
    expect(long).toEqual(await denied(''));
    expect(long).toMatchObject({ asked: [401, 'text/event-stream', 'Bearer'], errors: [{ message: 'no', path: ['denied'] }] });
  });

  it('is one of several in the answer to several operations', async () => {
    const { ask } = await aServer({ batching: true });
    const { bytes } = await ask({ body: [{ query: QUERY }, { query: '{ failing }' }, { query: QUERY }] });
    const [first, failed, last] = JSON.parse(bytes.toString());
    expect([first, last]).toEqual([{ data: DATA }, { data: DATA }]);
    expect(failed).toMatchObject({ data: { failing: null }, errors: [{ message: 'no such thing' }] });
  });

  it('is given up when its client goes away in the middle of it, and others are answered', async () => {
    const complained = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { ask, port, closed } = await aServer();
    for (const encoding of ['identity', 'gzip']) {
      const client = connect(port, '127.0.0.1');
      const body = JSON.stringify({ query: QUERY });
      client.write(
        `POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept-encoding: ${encoding}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      await new Promise((resolve) => client.once('data', resolve));
      client.destroy();
      await closed.at(-1);
      expect((await ask()).bytes.equals(WHOLE)).toBe(true);
    }
    expect(complained).not.toHaveBeenCalled();
  });
});
