import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aChainFeed } from '../support/a-chain-feed.ts';
import { nothingIsLeft } from '../support/nothing-is-left.ts';
import { openRawSocket, type RawSocket, type RawSocketOptions } from '../support/raw-socket.ts';
import { startTestApp, type TestApp } from '../support/start-test-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** Ping and Pong of graphql-transport-ws, both ways. */

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

describe('Ping and Pong', () => {
  it.each(['before', 'after'])('a ping %s the acknowledgement is answered', async (when) => {
    const socket = open();
    await socket.opened;
    if (when === 'after') await socket.initialised();
    socket.send({ type: 'ping' });
    expect(await socket.frame(({ type }) => type === 'pong')).toEqual({ type: 'pong' });
  });

  it('a ping with a payload is answered with it', async () => {
    const socket = await open().initialised();
    const payload = { sentAt: 1_700_000_000_000, text: 'žluťoučký \u2028 "kůň"' };
    socket.send({ type: 'ping', payload });
    expect(await socket.frame(({ type }) => type === 'pong')).toEqual({ type: 'pong', payload });
  });

  it('a pong nobody asked for, with or without a payload, is taken silently', async () => {
    const socket = await open().initialised();
    socket.send({ type: 'pong' });
    socket.send({ type: 'pong', payload: { heartbeat: true } });
    await everythingIsRead(socket, 'a');
    expect(socket.received.map(({ type }) => type)).toEqual(['connection_ack', 'pong']);
  });

  it('a ping of WebSocket itself is answered by WebSocket itself', async () => {
    const socket = await open().initialised();
    const answer = new Promise<string>((resolve) => socket.socket.once('pong', (data) => resolve(String(data))));
    socket.socket.ping('mark');
    expect(await answer).toBe('mark');
  });

  it('many pings at once are all answered, in order', async () => {
    const socket = await open().initialised();
    for (let number = 0; number < 200; number++) socket.send({ type: 'ping', payload: { number } });
    await socket.frame(({ payload }) => payload?.number === 199);
    expect(socket.received.slice(1).map(({ payload }) => payload.number)).toEqual(Array.from({ length: 200 }, (_, number) => number));
  });
});
