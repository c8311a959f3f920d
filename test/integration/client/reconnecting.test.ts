import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { ConnectionGivenUpError } from '../../../src/client/errors/connection-given-up-error.ts';
import { ConnectionRefusedError } from '../../../src/client/errors/connection-refused-error.ts';
import { InvalidClientOptionError } from '../../../src/client/errors/invalid-client-option-error.ts';
import { aClient, type ObservedClient } from '../../support/a-client.ts';
import { createManualTimers, type ManualTimers } from '../../support/manual-timers.ts';
import { type NumberServer, startNumberServer } from '../../support/start-number-server.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

const NEWEST = '{ newest }';
const STATUS = 'subscription { status { newest } }';

let server: NumberServer;
let timers: ManualTimers;
const clients: ObservedClient[] = [];

beforeEach(async () => {
  server = await startNumberServer();
  timers = createManualTimers();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.stop();
  if (timers.pending().length > 0) throw new Error('expected no timer to be left');
});

function open(options: Partial<Parameters<typeof aClient>[0]> = {}): ObservedClient {
  const client = aClient({ url: server.url, timers, ...options });
  clients.push(client);
  return client;
}

const count = (client: ObservedClient, name: 'connecting' | 'disconnected' | 'reconnecting') => client.told(name).length;

describe('a connection', () => {
  it('is made with the first operation, used by all, and kept', async () => {
    const client = open();
    expect(client.state).toBe('idle');
    expect(await Promise.all([client.query(NEWEST), client.query(NEWEST)])).toEqual([{ newest: 0 }, { newest: 0 }]);
    await client.subscribe(STATUS).next();
    expect(client.state).toBe('connected');
    expect(server.connections()).toBe(1);
    expect(client.names()).toEqual(['connecting', 'connected']);
  });

  it('that is lost while nothing goes on is made again with the next operation only', async () => {
    const client = open();
    await client.query(NEWEST);
    server.cut();
    await vi.waitFor(() => expect(client.state).toBe('idle'));
    expect(client.told('disconnected')).toEqual([{ code: 1006, reason: '', wasConnected: true }]);
    expect(timers.pending()).toEqual([]);
    expect(await client.query(NEWEST)).toEqual({ newest: 0 });
    expect(client.names()).toEqual(['connecting', 'connected', 'disconnected', 'connecting', 'connected']);
  });

  it('that is lost is made again after a random pause below a bound that doubles up to a minute, for ever', async () => {
    const client = open({ random: () => 0.5 });
    await client.subscribe(STATUS).next();
    server.refuseWith(4500);
    server.cut();
    for (let attempt = 1; attempt <= 9; attempt++) {
      await vi.waitFor(() => expect(count(client, 'reconnecting')).toBe(attempt));
      expect(client.state).toBe('waiting');
      timers.advance(client.told('reconnecting').at(-1)!.delayMs - 1);
      expect(count(client, 'connecting')).toBe(attempt);
      timers.advance(1);
      expect(count(client, 'connecting')).toBe(attempt + 1);
    }
    expect(client.told('reconnecting').map(({ delayMs }) => delayMs)).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
    expect(client.told('reconnecting').map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(client.told('disconnected')[1]).toEqual({ code: 4500, reason: 'refused by the test', wasConnected: false });
  });

  it('that has been of use makes the pauses short again; one that was only acknowledged does not', async () => {
    const client = open();
    const items = client.subscribe(STATUS);
    await items.next();
    server.cut();
    await vi.waitFor(() => expect(count(client, 'reconnecting')).toBe(1));
    timers.advance(1_000);
    await items.next();
    server.cut();
    await vi.waitFor(() => expect(count(client, 'reconnecting')).toBe(2));
    expect(client.told('reconnecting').map(({ delayMs }) => delayMs)).toEqual([1_000, 1_000]);
    client.on('connected', () => server.cut());
    timers.advance(1_000);
    await vi.waitFor(() => expect(count(client, 'reconnecting')).toBe(3));
    expect(client.told('reconnecting').at(-1)?.delayMs).toBe(2_000);
  });

  it('is not made when nothing needs it any more after the pause', async () => {
    const client = open();
    const items = client.subscribe(STATUS);
    await items.next();
    server.cut();
    await vi.waitFor(() => expect(client.state).toBe('waiting'));
    await items.return();
    timers.advance(1_000);
    expect(client.state).toBe('idle');
    expect(count(client, 'connecting')).toBe(1);
  });

  it('is given up after as many attempts as it was told', async () => {
    server.refuseWith(4500);
    const client = open({ maximumAttempts: 2 });
    const items = client.subscribe(STATUS).next();
    const answer = client.query(NEWEST);
    await vi.waitFor(() => expect(count(client, 'reconnecting')).toBe(1));
    timers.advance(1_000);
    await expect(answer).rejects.toThrow(ConnectionGivenUpError);
    await expect(items).rejects.toThrow('expected a connection within 2 attempts, got none; the last failed with: refused by the test');
    server.refuseWith(null);
    expect(await client.query(NEWEST)).toEqual({ newest: 0 });
  });
});

describe('a close code', () => {
  it.each([1008, 4400, 4401, 4403, 4406, 4409, 4429])('%i ends everything with a typed error', async (code) => {
    const client = open();
    const items = client.subscribe(STATUS);
    await items.next();
    const pending = items.next();
    server.closeAll(code, 'said the test');
    const error = await pending.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConnectionRefusedError);
    expect(error).toMatchObject({ code: 'CONNECTION_REFUSED', closeCode: code, reason: 'said the test' });
    expect(await items.next()).toEqual({ done: true, value: undefined });
    expect(client.state).toBe('idle');
    expect(timers.pending()).toEqual([]);
    expect(await client.query(NEWEST)).toEqual({ newest: 0 });
  });

  it.each([1000, 1001, 1011, 1012, 1013, 4408, 4413, 4500])('%i leads to a new connection', async (code) => {
    const client = open();
    const items = client.subscribe(STATUS);
    await items.next();
    server.closeAll(code, 'said the test');
    await vi.waitFor(() => expect(client.told('reconnecting')).toEqual([{ attempt: 1, delayMs: 1_000, reason: 'said the test' }]));
    timers.advance(1_000);
    expect((await items.next()).value?.data).toEqual({ status: { newest: 0 } });
  });

  it('of a connection that is refused at its beginning fails what waits for it', async () => {
    server.refuseWith(4403);
    const client = open();
    await expect(client.query(NEWEST)).rejects.toThrow('expected a connection, got it closed with 4403 (refused by the test)');
  });
});

describe('an address and parameters', () => {
  it('are asked for before each attempt, and what they throw is a failed attempt', async () => {
    let token = 0;
    const client = open({
      url: async () => server.url,
      connectionParams: async () => {
        token++;
        if (token === 2) throw new Error('no token to be had');
        return { token };
      },
    });
    const items = client.subscribe(STATUS);
    await items.next();
    server.cut();
    await vi.waitFor(() => expect(count(client, 'reconnecting')).toBe(1));
    timers.advance(1_000);
    await vi.waitFor(() => expect(count(client, 'reconnecting')).toBe(2));
    expect(client.told('disconnected').at(-1)).toEqual({ code: null, reason: 'no token to be had', wasConnected: false });
    timers.advance(2_000);
    await items.next();
    expect(server.connectionParams).toEqual([{ token: 1 }, { token: 3 }]);
  });

  it('must be usable', async () => {
    expect(() => open({ url: 'http://127.0.0.1/graphql' })).toThrow(
      'expected an address that begins with ws:// or wss:// and has no fragment, got http://127.0.0.1/graphql',
    );
    expect(() => open({ url: 'ws://' })).toThrow(InvalidClientOptionError);
    const client = open({ url: () => '/graphql' });
    await expect(client.query(NEWEST)).rejects.toThrow(InvalidClientOptionError);
    expect(client.state).toBe('idle');
  });

  it('of nobody are tried again', async () => {
    const client = open({ url: 'ws://127.0.0.1:1/graphql' });
    const answer = client.query(NEWEST);
    answer.catch(() => {});
    await vi.waitFor(() => expect(count(client, 'reconnecting')).toBe(1));
    expect(client.told('disconnected')[0]).toMatchObject({
      code: 1006,
      reason: expect.stringContaining('ECONNREFUSED'),
      wasConnected: false,
    });
  });

  it('of nobody are tried again also where only an error tells of it', async () => {
    /** As that of Node.js 22. */
    class WithoutClose extends WebSocket {}
    Object.defineProperty(WithoutClose.prototype, 'onclose', { set() {} });
    const client = open({ url: 'ws://127.0.0.1:1/graphql', webSocketImpl: WithoutClose });
    client.query(NEWEST).catch(() => {});
    await vi.waitFor(() => expect(count(client, 'reconnecting')).toBe(1));
  });

  it('that the WebSocket class itself refuses are a failed attempt', async () => {
    class Refusing {
      static readonly CONNECTING = 0;
      static readonly OPEN = 1;
      static readonly CLOSING = 2;
      static readonly CLOSED = 3;
      constructor() {
        throw new Error('insecure');
      }
    }
    const client = open({ webSocketImpl: Refusing });
    client.query(NEWEST).catch(() => {});
    await vi.waitFor(() => expect(client.told('reconnecting')).toEqual([{ attempt: 1, delayMs: 1_000, reason: 'insecure' }]));
  });
});

describe('a connection that hangs', () => {
  let proxy: TcpProxy;

  beforeEach(async () => {
    proxy = await startTcpProxy({ host: '127.0.0.1', port: server.port });
  });

  afterEach(() => proxy.close());

  it('is found by a ping without an answer, and replaced', async () => {
    const client = open({ url: `ws://127.0.0.1:${proxy.port}/graphql`, keepAliveMs: 15_000 });
    const items = client.subscribe(STATUS);
    await items.next();
    // An answered ping keeps it.
    timers.advance(15_000);
    await client.query(NEWEST);
    timers.advance(15_000);
    expect(count(client, 'disconnected')).toBe(0);
    proxy.pause();
    timers.advance(15_000);
    timers.advance(15_000);
    expect(client.told('disconnected')).toEqual([
      { code: 1006, reason: 'expected a sign of life within 15000 ms, got none', wasConnected: true },
    ]);
    proxy.resume();
    timers.advance(1_000);
    expect((await items.next()).value?.data).toEqual({ status: { newest: 0 } });
    await vi.waitFor(() => expect(server.connections()).toBe(1));
  });

  it('is left when the server does not acknowledge it in time', async () => {
    proxy.pause();
    const client = open({ url: `ws://127.0.0.1:${proxy.port}/graphql`, connectTimeoutMs: 5_000 });
    const answer = client.query(NEWEST);
    await vi.waitFor(() => expect(proxy.connections()).toBe(1));
    timers.advance(5_000);
    expect(client.told('disconnected')).toEqual([
      { code: 1006, reason: 'expected an acknowledgement within 5000 ms, got none', wasConnected: false },
    ]);
    proxy.resume();
    timers.advance(1_000);
    expect(await answer).toEqual({ newest: 0 });
    await vi.waitFor(() => expect(proxy.connections()).toBe(1));
  });
});

it('a server that speaks something else is fatal', async () => {
  const client = open();
  await client.query(NEWEST);
  const items = client.subscribe(STATUS);
  await items.next();
  const pending = items.next();
  server.sendToAll('{"type":"nonsense"}');
  await expect(pending).rejects.toMatchObject({ closeCode: 4004 });
});

it('a listener that throws is heard of, and does not stop the client', async () => {
  const others = process.listeners('uncaughtException');
  for (const listener of others) process.off('uncaughtException', listener);
  const caught = new Promise((resolve) => process.once('uncaughtException', resolve));
  try {
    const client = open();
    client.on('connected', () => {
      throw new Error('a listener fails');
    });
    expect(await client.query(NEWEST)).toEqual({ newest: 0 });
    expect(await caught).toMatchObject({ message: 'a listener fails' });
  } finally {
    for (const listener of others) process.on('uncaughtException', listener);
  }
});
