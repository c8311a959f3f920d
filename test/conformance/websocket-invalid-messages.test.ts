import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { nothingIsLeft } from '../support/nothing-is-left.ts';
import { openRawSocket, type RawSocket, type RawSocketOptions } from '../support/raw-socket.ts';
import { scanAndWait } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** What is no message of graphql-transport-ws closes its connection, with the code specified for it. */

const RESULTS = 'subscription { scanResults { phase cursor results { symbol } } }';
const QUERY = '{ scanner { state } }';

let database: TestDatabase;
let app: TestApp;
const sockets: RawSocket[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA']) });
});

afterAll(async () => {
  const clean = await app.stop();
  await database.drop();
  if (!clean) throw new Error('expected a clean stop');
});

afterEach(async () => {
  for (const { socket } of sockets.splice(0)) socket.terminate();
  await nothingIsLeft(app);
});

function open(options?: RawSocketOptions, url = app.webSocketUrl): RawSocket {
  const socket = openRawSocket(url, options);
  sockets.push(socket);
  return socket;
}

describe('a message that is none', () => {
  const messages: [string, string | Buffer][] = [
    ['no JSON', 'hello'],
    ['an empty frame', ''],
    ['cut JSON', '{"type":"ping"'],
    ['a string', '"ping"'],
    ['null', 'null'],
    ['a list', '[{"type":"ping"}]'],
    ['a number', '1'],
    ['no type', '{}'],
    ['an unknown type', '{"type":"start"}'],
    ['a type that is no string', '{"type":1}'],
    ['a type that objects have by nature', '{"type":"constructor"}'],
    ['ConnectionAck, which only servers send', '{"type":"connection_ack"}'],
    ['Next, which only servers send', '{"type":"next","id":"1","payload":{"data":{}}}'],
    ['Error, which only servers send', '{"type":"error","id":"1","payload":[{"message":"a"}]}'],
    ['Subscribe without an id', `{"type":"subscribe","payload":{"query":"${QUERY}"}}`],
    ['Subscribe with an empty id', `{"type":"subscribe","id":"","payload":{"query":"${QUERY}"}}`],
    ['Subscribe with a number for an id', `{"type":"subscribe","id":1,"payload":{"query":"${QUERY}"}}`],
    ['Subscribe without a payload', '{"type":"subscribe","id":"1"}'],
    ['Subscribe without a query', '{"type":"subscribe","id":"1","payload":{}}'],
    ['Subscribe with a number for a query', '{"type":"subscribe","id":"1","payload":{"query":1}}'],
    ['Subscribe with a text for variables', `{"type":"subscribe","id":"1","payload":{"query":"${QUERY}","variables":"a"}}`],
    ['Complete without an id', '{"type":"complete"}'],
    ['a ping with a text', '{"type":"ping","payload":"a"}'],
    ['ConnectionInit with a text', '{"type":"connection_init","payload":"a"}'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x01])],
    ['no bytes', Buffer.alloc(0)],
  ];

  it.each(messages)('%s closes with 4400', async (_name, message) => {
    const socket = await open().initialised();
    socket.socket.send(message);
    const { code, reason } = await socket.closed;
    expect(code).toBe(4400);
    expect(reason).not.toBe('');
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
  });

  it('ends the operations of its connection, and no others', async () => {
    const [bad, good] = await Promise.all([open().initialised(), open().initialised()]);
    for (const { send } of [bad, good]) send({ type: 'subscribe', id: '1', payload: { query: RESULTS } });
    await vi.waitFor(() => expect(app.subscribers()).toBe(2));
    bad.socket.send('nonsense');
    expect((await bad.closed).code).toBe(4400);
    await vi.waitFor(() => expect(app.subscribers()).toBe(1));
    await scanAndWait(app, ['AAA']);
    await good.frame(({ payload }) => payload?.data?.scanResults.phase === 'LIVE');
  });

  it('larger than allowed closes with 1009', async () => {
    const socket = await open().initialised();
    socket.send({ type: 'subscribe', id: '1', payload: { query: `{ __typename } #${'x'.repeat(1_048_576)}` } });
    expect((await socket.closed).code).toBe(1009);
  });

  it('in several fragments that are larger together closes with 1009', async () => {
    const socket = await open().initialised();
    const part = 'x'.repeat(400_000);
    socket.socket.send(`{"type":"ping","payload":{"a":"${part}`, { fin: false });
    socket.socket.send(part, { fin: false });
    socket.socket.send(part, { fin: false });
    expect((await socket.closed).code).toBe(1009);
  });

  it('in text that is no UTF-8 closes with 1007', async () => {
    const socket = await open().initialised();
    socket.socket.send(Buffer.from([0x7b, 0xff, 0x7d]), { binary: false });
    expect((await socket.closed).code).toBe(1007);
  });

  it('a good one in several fragments is a good one', async () => {
    const socket = await open().initialised();
    const text = JSON.stringify({ type: 'ping', payload: { mark: 'pieces' } });
    for (let at = 0; at < text.length; at++) socket.socket.send(text[at]!, { fin: at === text.length - 1 });
    expect(await socket.frame(({ type }) => type === 'pong')).toEqual({ type: 'pong', payload: { mark: 'pieces' } });
  });
});
