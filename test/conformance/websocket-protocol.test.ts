import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { nothingIsLeft } from '../support/nothing-is-left.ts';
import { openRawSocket, type RawSocket, type RawSocketOptions } from '../support/raw-socket.ts';
import { scanAndWait } from '../support/scan-and-wait.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** The cases of the protocol's text, graphql-transport-ws as of graphql-ws 6, section by section. */

const RESULTS = 'subscription { scanResults { phase cursor results { symbol } } }';
const STATUS = 'subscription { scanner { state } }';
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

/** A ping answered says that everything sent before it has been read. */
async function everythingIsRead(socket: RawSocket, mark: string): Promise<void> {
  socket.send({ type: 'ping', payload: { mark } });
  await socket.frame(({ type, payload }) => type === 'pong' && payload?.mark === mark);
}

describe('the handshake', () => {
  it('chooses graphql-transport-ws among what the client offers', async () => {
    const socket = open({ protocols: ['graphql-ws', 'graphql-transport-ws'] });
    await socket.opened;
    expect(socket.socket.protocol).toBe('graphql-transport-ws');
  });

  it('closes with 4406 when the client offers nothing', async () => {
    expect(await open({ protocols: [] }).closed).toEqual({ code: 4406, reason: 'Subprotocol not acceptable' });
  });

  it('chooses nothing of other protocols, so that the client gives up', async () => {
    await expect(open({ protocols: ['graphql-ws'] }).opened).rejects.toThrow('Server sent no subprotocol');
  });
});

describe('ConnectionInit', () => {
  it.each([
    ['without a payload', { type: 'connection_init' }],
    ['with one', { type: 'connection_init', payload: { authorization: 'unused', nested: { list: [1, null] } } }],
    ['with an empty one', { type: 'connection_init', payload: {} }],
  ])('%s is acknowledged once', async (_name, message) => {
    const socket = open();
    await socket.opened;
    socket.send(message);
    const acknowledgement = await socket.frame(() => true);
    expect(acknowledgement.type).toBe('connection_ack');
    expect(Object.keys(acknowledgement).every((key) => key === 'type' || key === 'payload')).toBe(true);
    expect(acknowledgement.payload ?? {}).toEqual(expect.any(Object));
    await everythingIsRead(socket, 'a');
    expect(socket.received).toHaveLength(2);
  });

  it('that does not come in time closes with 4408', async () => {
    expect(await open().closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
  });

  it.each(['at once', 'after the acknowledgement'])('that comes a second time, %s, closes with 4429', async (when) => {
    const socket = open();
    await socket.opened;
    socket.send({ type: 'connection_init' });
    if (when !== 'at once') await socket.frame(({ type }) => type === 'connection_ack');
    socket.send({ type: 'connection_init' });
    expect(await socket.closed).toEqual({ code: 4429, reason: 'Too many initialisation requests' });
  });

  it('a second one ends the operations of the connection', async () => {
    const socket = await open().initialised();
    socket.send({ type: 'subscribe', id: '1', payload: { query: RESULTS } });
    await socket.frame(({ id }) => id === '1');
    socket.send({ type: 'connection_init' });
    expect((await socket.closed).code).toBe(4429);
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
  });
});

describe('Subscribe', () => {
  it('before ConnectionInit closes with 4401', async () => {
    const socket = open();
    await socket.opened;
    socket.send({ type: 'subscribe', id: '1', payload: { query: QUERY } });
    expect(await socket.closed).toEqual({ code: 4401, reason: 'Unauthorized' });
  });

  it('with a query is answered with one Next and Complete', async () => {
    const socket = await open().initialised();
    socket.send({ type: 'subscribe', id: 'q', payload: { query: QUERY } });
    await socket.frame(({ id, type }) => id === 'q' && type === 'complete');
    expect(socket.of('q')).toEqual([
      { id: 'q', type: 'next', payload: { data: { scanner: { state: 'STOPPED' } } } },
      { id: 'q', type: 'complete' },
    ]);
  });

  it('with a mutation is answered with one Next and Complete', async () => {
    const socket = await open().initialised();
    const query = 'mutation ($input: FilterCreateInput!) { filterCreate(input: $input) { __typename } }';
    socket.send({ type: 'subscribe', id: 'm', payload: { query, variables: { input: { name: 'Over a socket', criteria: {} } } } });
    await socket.frame(({ id, type }) => id === 'm' && type === 'complete');
    expect(socket.of('m').map(({ type }) => type)).toEqual(['next', 'complete']);
    expect(socket.of('m')[0]?.payload).toEqual({ data: { filterCreate: { __typename: 'FilterCreatePayload' } } });
  });

  it('takes operationName, variables, extensions and nulls for them', async () => {
    const socket = await open().initialised();
    const query = 'query A { a: __typename } query B($yes: Boolean = false) { b: __typename @include(if: $yes) c: __typename }';
    socket.send({ type: 'subscribe', id: 'b', payload: { query, operationName: 'B', variables: { yes: true }, extensions: { any: 1 } } });
    socket.send({
      type: 'subscribe',
      id: 'n',
      payload: { query: '{ __typename }', operationName: null, variables: null, extensions: null },
    });
    await socket.frame(({ id, type }) => id === 'b' && type === 'complete');
    await socket.frame(({ id, type }) => id === 'n' && type === 'complete');
    expect(socket.of('b')[0]?.payload).toEqual({ data: { b: 'Query', c: 'Query' } });
    expect(socket.of('n')[0]?.payload).toEqual({ data: { __typename: 'Query' } });
  });

  it.each([
    ['syntax', '{ scanner {', /^Syntax Error/],
    ['an unknown field', '{ scanners { state } }', /^Cannot query field "scanners"/],
    ['an unknown field of a subscription', 'subscription { nothing }', /^Cannot query field "nothing"/],
    [
      'two root fields of a subscription',
      'subscription { a: scanner { state } b: scanner { state } }',
      /must select only one top level field/,
    ],
    ['a subscription that may be none', 'subscription { scanner @skip(if: true) { state } }', /without @skip and @include/],
    [
      'the same in fragments',
      'subscription { ...A } fragment A on Subscription { ... @include(if: false) { scanner { state } } }',
      /without @skip/,
    ],
    [
      'the same by a variable',
      'subscription ($yes: Boolean = true) { scanner @include(if: $yes) { state } }',
      /without @skip|Argument "if"/,
    ],
    ['no operation', 'fragment A on Query { __typename }', /A|operation/],
    ['an empty document', '', /^Syntax Error/],
  ])('with a mistake in the document (%s) is answered with Error only, and the connection goes on', async (_name, query, message) => {
    const socket = await open().initialised();
    socket.send({ type: 'subscribe', id: 'e', payload: { query } });
    const error = await socket.frame(({ id }) => id === 'e');
    expect(error.type).toBe('error');
    expect(error.payload).toEqual(expect.arrayContaining([expect.objectContaining({ message: expect.stringMatching(message) })]));
    await everythingIsRead(socket, 'a');
    expect(socket.of('e')).toHaveLength(1);
    socket.send({ type: 'subscribe', id: 'e', payload: { query: '{ __typename }' } });
    await socket.frame(({ id, type }) => id === 'e' && type === 'complete');
    expect(socket.of('e')[1]).toEqual({ id: 'e', type: 'next', payload: { data: { __typename: 'Query' } } });
  });

  it.each([
    ['several operations and no name', 'query A { __typename } query B { __typename }', undefined],
    ['a name no operation has', 'query A { __typename }', 'C'],
    ['a name no subscription has', 'subscription A { scanner { state } }', 'C'],
  ])('that leaves open what to run (%s) is answered with errors', async (_name, query, operationName) => {
    const socket = await open().initialised();
    socket.send({ type: 'subscribe', id: 'e', payload: { query, operationName } });
    const answer = await socket.frame(({ id }) => id === 'e');
    const errors = answer.type === 'error' ? answer.payload : answer.payload.errors;
    expect(errors).toEqual([expect.objectContaining({ message: expect.any(String) })]);
  });

  it.each([
    ['scanResults', 'subscription ($after: String!) { scanResults(after: $after) { cursor } }', {}, /Variable .*after/],
    ['scanResults', 'subscription { scanResults(after: "nonsense") { cursor } }', {}, /cursor/],
    ['scanResults', 'subscription { scanResults(delivery: { buffer: 0 }) { cursor } }', {}, /buffer|expected/],
  ])('with a subscription that cannot begin (%s) is answered with errors and ends', async (_field, query, variables, message) => {
    const socket = await open().initialised();
    socket.send({ type: 'subscribe', id: 'e', payload: { query, variables } });
    const answer = await socket.frame(({ id }) => id === 'e');
    const errors = answer.type === 'error' ? answer.payload : answer.payload.errors;
    expect(JSON.stringify(errors)).toMatch(message);
    await everythingIsRead(socket, 'a');
    expect(socket.of('e').map(({ type }) => type)).toEqual(answer.type === 'error' ? ['error'] : ['next', 'complete']);
    expect(app.subscribers()).toBe(0);
  });

  it('runs several operations at once, each under its id', async () => {
    const socket = await open().initialised();
    for (let number = 0; number < 10; number++) socket.send({ type: 'subscribe', id: `r${number}`, payload: { query: RESULTS } });
    for (let number = 0; number < 10; number++) socket.send({ type: 'subscribe', id: `s${number}`, payload: { query: STATUS } });
    for (let number = 0; number < 10; number++) socket.send({ type: 'subscribe', id: `q${number}`, payload: { query: QUERY } });
    for (let number = 0; number < 10; number++) {
      await socket.frame(({ id, type }) => id === `q${number}` && type === 'complete');
      expect((await socket.frame(({ id }) => id === `s${number}`)).payload).toEqual({ data: { scanner: { state: 'STOPPED' } } });
      expect((await socket.frame(({ id }) => id === `r${number}`)).payload.data.scanResults.phase).toBe('SNAPSHOT');
    }
    expect(app.subscribers()).toBe(20);
    await scanAndWait(app, ['AAA']);
    for (let number = 0; number < 10; number++) {
      const live = await socket.frame(({ id, payload }) => id === `r${number}` && payload.data.scanResults.phase === 'LIVE');
      expect(live.payload.data.scanResults.results[0].symbol).toBe('AAA');
    }
  });

  it.each([
    ['while a subscription has it', RESULTS, true],
    ['at once', RESULTS, false],
    ['while a query has it', 'query { scanRuns { edges { cursor } } }', false],
  ])('with an id in use (%s) closes with 4409', async (_name, query, wait) => {
    const socket = await open().initialised();
    socket.send({ type: 'subscribe', id: 'one', payload: { query } });
    if (wait) await socket.frame(({ id }) => id === 'one');
    socket.send({ type: 'subscribe', id: 'one', payload: { query: QUERY } });
    expect(await socket.closed).toEqual({ code: 4409, reason: 'Subscriber for one already exists' });
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
  });

  it('takes ids of any letters, also those that objects have by nature', async () => {
    const socket = await open().initialised();
    const ids = ['__proto__', 'constructor', 'toString', ' ', '"', '\\', '\u0000', '😀', 'x'.repeat(1_000)];
    for (const id of ids) {
      socket.send({ type: 'subscribe', id, payload: { query: RESULTS } });
      expect((await socket.frame((frame) => frame.id === id)).type).toBe('next');
    }
    expect(app.subscribers()).toBe(ids.length);
    for (const id of ids) socket.send({ type: 'complete', id });
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
  });

  it('takes an id again after its operation is complete, failed, or completed by the client', async () => {
    const socket = await open().initialised();
    const answers = ['{ a: __typename }', '{ nothing }', '{ b: __typename }'];
    for (const [turn, query] of answers.entries()) {
      const before = socket.of('1').length;
      socket.send({ type: 'subscribe', id: '1', payload: { query } });
      await vi.waitFor(() => expect(socket.of('1').slice(before).at(-1)?.type).toBe(turn === 1 ? 'error' : 'complete'));
    }
    socket.send({ type: 'subscribe', id: '1', payload: { query: RESULTS } });
    await socket.frame(({ payload }) => payload?.data?.scanResults !== undefined);
    socket.send({ type: 'complete', id: '1' });
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
    socket.send({ type: 'subscribe', id: '1', payload: { query: '{ c: __typename }' } });
    await socket.frame(({ payload }) => payload?.data?.c !== undefined);
    expect(socket.socket.readyState).toBe(socket.socket.OPEN);
  });
});

describe('Complete', () => {
  it('ends a subscription: nothing of it comes any more', async () => {
    const socket = await open().initialised();
    socket.send({ type: 'subscribe', id: '1', payload: { query: RESULTS } });
    await socket.frame(({ id }) => id === '1');
    socket.send({ type: 'complete', id: '1' });
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
    await everythingIsRead(socket, 'a');
    const told = socket.of('1').length;
    await scanAndWait(app, ['AAA']);
    await everythingIsRead(socket, 'b');
    expect(socket.of('1')).toHaveLength(told);
  });

  it('of one operation leaves the others of the connection alone', async () => {
    const socket = await open().initialised();
    for (const id of ['1', '2']) socket.send({ type: 'subscribe', id, payload: { query: RESULTS } });
    await socket.frame(({ id }) => id === '1');
    await socket.frame(({ id }) => id === '2');
    socket.send({ type: 'complete', id: '1' });
    await vi.waitFor(() => expect(app.subscribers()).toBe(1));
    await scanAndWait(app, ['AAA']);
    await socket.frame(({ id, payload }) => id === '2' && payload.data.scanResults.phase === 'LIVE');
    expect(socket.of('1').filter(({ payload }) => payload?.data?.scanResults?.phase === 'LIVE')).toEqual([]);
  });

  it('of an id that is not in use, or twice, is taken silently', async () => {
    const socket = await open().initialised();
    socket.send({ type: 'subscribe', id: '1', payload: { query: RESULTS } });
    await socket.frame(({ id }) => id === '1');
    for (const id of ['unknown', '__proto__', '1', '1']) socket.send({ type: 'complete', id });
    await everythingIsRead(socket, 'a');
    expect(socket.socket.readyState).toBe(socket.socket.OPEN);
    expect(app.subscribers()).toBe(0);
  });

  it.each([
    ['a query', 'query { scanRuns { edges { cursor } } scanResults { edges { cursor } } }'],
    ['a subscription', RESULTS],
  ])('right behind %s leaves nothing running', async (_name, query) => {
    const socket = await open().initialised();
    socket.send({ type: 'subscribe', id: '1', payload: { query } });
    socket.send({ type: 'complete', id: '1' });
    await everythingIsRead(socket, 'a');
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
    expect(socket.of('1').filter(({ type }) => type === 'error')).toEqual([]);
  });

  it('and Subscribe with the same id at once begin a new operation, of which nothing is lost', async () => {
    const socket = await open().initialised();
    socket.send({ type: 'subscribe', id: '1', payload: { query: RESULTS } });
    await socket.frame(({ id }) => id === '1');
    socket.send({ type: 'complete', id: '1' });
    socket.send({ type: 'subscribe', id: '1', payload: { query: STATUS } });
    await socket.frame(({ id, payload }) => id === '1' && payload?.data?.scanner !== undefined);
    expect(socket.of('1').filter(({ type }) => type === 'complete')).toEqual([]);
    expect(app.subscribers()).toBe(1);
    socket.send({ type: 'complete', id: '1' });
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
  });

  it('and Subscribe with the same id, again and again, leave the last operation only', async () => {
    const socket = await open().initialised();
    for (let turn = 0; turn < 20; turn++) {
      socket.send({ type: 'subscribe', id: '1', payload: { query: turn % 2 ? STATUS : RESULTS } });
      socket.send({ type: 'complete', id: '1' });
    }
    socket.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { scanner { state last: state } }' } });
    await socket.frame(({ payload }) => payload?.data?.scanner?.last !== undefined);
    await vi.waitFor(() => expect(app.subscribers()).toBe(1));
    const lastBegan = socket.received.findIndex(({ payload }) => payload?.data?.scanner?.last !== undefined);
    await everythingIsRead(socket, 'a');
    expect(socket.received.slice(lastBegan).filter(({ type }) => type === 'complete')).toEqual([]);
    expect(socket.socket.readyState).toBe(socket.socket.OPEN);
    socket.send({ type: 'complete', id: '1' });
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
  });
});

describe('the end', () => {
  it('by the client ends every operation', async () => {
    const socket = await open().initialised();
    for (const id of ['1', '2', '3']) socket.send({ type: 'subscribe', id, payload: { query: id === '3' ? STATUS : RESULTS } });
    await vi.waitFor(() => expect(app.subscribers()).toBe(3));
    socket.socket.close(1000, 'Enough');
    expect((await socket.closed).code).toBe(1000);
    await vi.waitFor(() => expect(app.subscribers()).toBe(0));
  });

  it('by a server that stops: 1001, also before the handshake is over, and nothing is left', async () => {
    const other = await startTestApp({ databaseUrl: database.url, feed: aChainFeed(['AAA']) });
    try {
      const early = open({}, other.webSocketUrl);
      await early.opened;
      const late = await open({}, other.webSocketUrl).initialised();
      late.send({ type: 'subscribe', id: '1', payload: { query: RESULTS } });
      late.send({ type: 'subscribe', id: '2', payload: { query: STATUS } });
      await vi.waitFor(() => expect(other.subscribers()).toBe(2));
      expect(await other.stop()).toBe(true);
      expect(await early.closed).toEqual({ code: 1001, reason: 'Going away' });
      expect(await late.closed).toEqual({ code: 1001, reason: 'Going away' });
      expect(other.subscribers()).toBe(0);
    } finally {
      await other.stop();
    }
  });
});
