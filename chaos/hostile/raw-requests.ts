import { gzipSync } from 'node:zlib';

/** Bytes on a connection of their own. */
export interface RawRequest {
  readonly name: string;
  /** Sent one after the other, each when the one before has left; slow ones a few bytes at a time until the server has enough. */
  readonly parts: readonly (string | Buffer)[];
  /** Of the first answer. Absent: any refusal. */
  readonly status?: number;
  /** Sent over and over until the server closes the connection. */
  readonly forever?: string;
  /** The client says that it has sent everything, and still reads. */
  readonly isHalfClosed?: boolean;
  /** The server may cut the connection without a word: what came is no beginning of a request it could answer. */
  readonly mayBeCut?: boolean;
}

const MEGABYTE = 1_048_576;

export function rawRequests(authorization: string): readonly RawRequest[] {
  const post = (headers: string, body: string | Buffer, path = '/graphql') => [
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\nConnection: close\r\nContent-Type: application/json\r\n${headers}\r\n`,
    body,
  ];
  const sized = (body: string | Buffer, headers = '', path?: string) =>
    post(`Content-Length: ${Buffer.byteLength(body)}\r\n${headers}`, body, path);
  const get = (path: string, headers = '') => [
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\nConnection: close\r\n${headers}\r\n`,
  ];
  const chunk = (length: number) => `${length.toString(16)}\r\n${'x'.repeat(length)}\r\n`;
  const OK = '{"query":"{ __typename }"}';
  return [
    { name: '10 MB in a body', parts: sized('x'.repeat(10 * MEGABYTE)), status: 413 },
    {
      name: '10 MB in chunks',
      parts: [post('Transfer-Encoding: chunked\r\n', '')[0]!, ...Array.from({ length: 160 }, () => chunk(65_536)), '0\r\n\r\n'],
      status: 413,
    },
    {
      name: '10 MB in tiny chunks',
      parts: [post('Transfer-Encoding: chunked\r\n', '')[0]!, ...Array.from({ length: 100 }, () => chunk(1).repeat(10_000)), '0\r\n\r\n'],
    },
    { name: '10 GB announced', parts: post('Content-Length: 10737418240\r\n', '{'), status: 413 },
    { name: 'a length beyond all numbers', parts: post(`Content-Length: ${'9'.repeat(400)}\r\n`, '{'), status: 400 },
    { name: 'a length below nothing', parts: post('Content-Length: -1\r\n', '{'), status: 400 },
    { name: 'two lengths', parts: post('Content-Length: 5\r\nContent-Length: 6\r\n', 'xxxxx'), status: 400 },
    { name: 'a length and chunks', parts: post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), status: 400 },
    { name: 'a chunk that is none', parts: post('Transfer-Encoding: chunked\r\n', 'xyz\r\n'), status: 400 },
    {
      name: 'chunks with long extensions',
      parts: post('Transfer-Encoding: chunked\r\n', `1;${'x'.repeat(20_000)}\r\nx\r\n0\r\n\r\n`),
      status: 413,
    },
    { name: 'a transfer encoding nobody knows', parts: post('Transfer-Encoding: bomb\r\n', 'x') },
    { name: 'a body that never comes', parts: post('Content-Length: 100\r\n', '{"query":'), status: 408 },
    { name: 'a body that drips', parts: post('Content-Length: 100000\r\n', '{'), forever: ' ', status: 408 },
    { name: 'headers that never end', parts: ['GET /graphql HTTP/1.1\r\nHost: localhost\r\n'], forever: 'X-A: b\r\n', mayBeCut: true },
    { name: 'a request line that never ends', parts: ['GET /'], forever: 'a', mayBeCut: true },
    { name: 'a connection that says nothing', parts: [], status: 408 },
    { name: 'half a header and goodbye', parts: ['GET /health HT'], isHalfClosed: true, mayBeCut: true },
    { name: 'half a body and goodbye', parts: post('Content-Length: 100\r\n', '{"query":'), isHalfClosed: true, mayBeCut: true },
    { name: 'everything and goodbye', parts: sized(OK), isHalfClosed: true, mayBeCut: true },
    { name: 'a compressed bomb', parts: sized(gzipSync(Buffer.alloc(50 * MEGABYTE)), 'Content-Encoding: gzip\r\n'), status: 415 },
    { name: 'a body in an encoding nobody knows', parts: sized(OK, 'Content-Encoding: bomb, gzip\r\n'), status: 415 },
    { name: 'bytes that are no UTF-8', parts: sized(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc0, 0x80, 0x22, 0x7d])), status: 400 },
    { name: 'UTF-16', parts: sized(Buffer.from(`\ufeff${OK}`, 'utf16le'), ''), status: 400 },
    { name: 'a byte order mark', parts: sized(`\ufeff${OK}`), status: 400 },
    { name: 'NUL bytes', parts: sized(Buffer.alloc(1_000)), status: 400 },
    { name: 'nothing', parts: sized(''), status: 400 },
    { name: 'JSON that is no object', parts: sized('null'), status: 400 },
    { name: 'a query that is no text', parts: sized('{"query":{"a":1}}'), status: 400 },
    { name: 'a query that is a number', parts: sized('{"query":1e400}'), status: 400 },
    { name: 'a batch', parts: sized(`[${Array.from({ length: 5_000 }, () => OK).join(',')}]`), status: 400 },
    { name: 'an empty batch', parts: sized('[]'), status: 400 },
    { name: 'lists within lists', parts: sized(`${'['.repeat(500_000)}${']'.repeat(500_000)}`), status: 400 },
    {
      name: 'objects within objects',
      parts: sized(`{"query":"{ __typename }","variables":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`),
    },
    {
      name: 'keys given twice',
      parts: sized('{"query":"mutation { scannerStart { __typename } }","query":"{ __typename }"}'),
      status: 200,
    },
    {
      name: 'a prototype',
      parts: sized('{"__proto__":{"query":"{ __typename }"},"constructor":{"prototype":{"polluted":1}}}'),
      status: 400,
    },
    { name: 'a hundred thousand keys', parts: sized(`{${Array.from({ length: 90_000 }, (_, i) => `"k${i}":1`).join(',')}}`), status: 400 },
    { name: 'half a character, as JSON writes it', parts: sized('{"query":"{ underlying(symbol: \\"\\ud800\\") { symbol } }"}') },
    { name: 'a thousand headers', parts: get('/health', Array.from({ length: 900 }, (_, i) => `X-${i}: y\r\n`).join('')) },
    { name: 'headers of 1 MB', parts: get('/health', `X: ${'x'.repeat(MEGABYTE)}\r\n`), status: 431, mayBeCut: true },
    { name: 'a header with a line of its own', parts: get('/health', 'X-A: b\r\n folded\r\n') },
    { name: 'a header without a name', parts: get('/health', ': x\r\n'), status: 400 },
    { name: 'a header with NUL', parts: get('/health', 'X: a\0b\r\n'), status: 400 },
    { name: 'a request id that forges', parts: get('/health', 'X-Request-Id: a{"level":"fatal"}\r\n'), status: 200 },
    {
      name: 'a credential without end',
      parts: [
        `GET /graphql?query={__typename} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer ${'x'.repeat(15_000)}\r\n\r\n`,
      ],
      status: 401,
    },
    { name: 'out of the folder', parts: get('/../../../../etc/passwd'), status: 404 },
    { name: 'out of the folder, encoded', parts: get('/graphiql/%2e%2e/%2e%2e/etc/passwd%00.html'), status: 404 },
    { name: 'out of the folder on Windows', parts: get('/..\\..\\windows\\win.ini') },
    { name: 'a percent sign alone', parts: get('/%'), status: 404 },
    { name: 'a percent sign in a query', parts: get('/graphql?query=%&variables=%ff'), status: 400 },
    { name: 'variables in the address that are no JSON', parts: get('/graphql?query=%7B__typename%7D&variables=%7B%22a'), status: 400 },
    { name: 'extensions in the address that are a list', parts: get('/graphql?query=%7B__typename%7D&extensions=%5B1%5D') },
    { name: 'a parameter given a hundred times', parts: get(`/graphql?${'query=%7B__typename%7D&'.repeat(100)}`) },
    { name: 'an address of another server', parts: get('http://evil.example.com/graphql?query=%7B__typename%7D') },
    { name: 'an address without a beginning', parts: get('graphql') },
    { name: 'an address of two slashes', parts: get('//graphql?query=%7B__typename%7D'), status: 404 },
    { name: 'an address with half a bracket', parts: get('//[', ''), status: 404 },
    {
      name: 'another host',
      parts: [
        `GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nHost: [::::\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`,
      ],
    },
    { name: 'two hosts', parts: [`GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n`] },
    { name: 'no host', parts: ['GET /health HTTP/1.1\r\nConnection: close\r\n\r\n'], status: 400 },
    { name: 'TRACE', parts: ['TRACE /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'] },
    { name: 'CONNECT', parts: ['CONNECT evil.example.com:443 HTTP/1.1\r\nHost: localhost\r\n\r\n'], mayBeCut: true },
    { name: 'a method nobody knows', parts: ['BREW /graphql HTTP/1.1\r\nHost: localhost\r\n\r\n'], status: 400 },
    { name: 'HTTP/2', parts: ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'], status: 400 },
    { name: 'HTTP/9', parts: ['GET / HTTP/9.9\r\nHost: localhost\r\n\r\n'], status: 400 },
    { name: 'TLS', parts: [Buffer.from('16030100a5010000a10303', 'hex')], status: 400 },
    { name: 'a language of its own', parts: ['EHLO there\r\n'], status: 400 },
    { name: 'an expectation', parts: post('Expect: 42\r\nContent-Length: 2\r\n', '{}'), status: 417 },
    {
      name: 'the beginning of a WebSocket without a key',
      parts: get('/graphql', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'),
      status: 400,
    },
    { name: 'an upgrade to HTTP/2', parts: get('/graphql', 'Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n'), status: 400 },
    { name: 'an upgrade elsewhere', parts: get('/metrics', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'), status: 404 },
    {
      name: 'an upgrade with a body',
      parts: post('Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 100000\r\n', 'x'.repeat(1_000)),
      status: 405,
    },
    {
      name: 'a WebSocket of a foreign page',
      parts: get(
        '/graphql',
        `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: https://evil.example.com\r\n`,
      ),
      status: 403,
    },
    {
      name: 'a thousand requests at once',
      parts: [`GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(1_000) + get('/health')[0]!],
      status: 200,
    },
    { name: 'an event stream of nobody', parts: get('/graphql?token=%00', 'Accept: text/event-stream\r\n'), status: 404 },
    {
      name: 'a used event token',
      parts: [
        `GET /graphql?query=subscription%7Bscanner%7Bstate%7D%7D&token=swe_${'A'.repeat(43)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: text/event-stream\r\n\r\n`,
      ],
      status: 401,
    },
    {
      name: 'a stream to delete',
      parts: [
        `DELETE /graphql?operationId=__proto__ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: ${authorization}\r\nX-GraphQL-Event-Stream-Token: __proto__\r\n\r\n`,
      ],
      status: 404,
    },
  ];
}
