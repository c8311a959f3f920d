import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { NotResumableError } from '../../../src/client/errors/not-resumable-error.ts';
import { OperationError } from '../../../src/client/errors/operation-error.ts';
import type { LiveItem } from '../../../src/client/live-item.ts';
import type { LiveSubscription } from '../../../src/client/live-subscription.ts';
import type { OperationDocument } from '../../../src/client/operation-document.ts';
import { aClient, type ObservedClient } from '../../support/a-client.ts';
import { countingWebSocket } from '../../support/counting-web-socket.ts';
import { createManualTimers, type ManualTimers } from '../../support/manual-timers.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { type NumberServer, startNumberServer } from '../../support/start-number-server.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';

interface Batch {
  readonly numbers: { readonly phase: string; readonly cursor: string; readonly numbers: readonly number[] };
}
type Document = OperationDocument<Batch, { after?: string; snapshot?: number }>;

const NUMBERS: Document = `subscription Numbers($after: String, $snapshot: Int) {
  numbers(after: $after, snapshot: $snapshot) { phase cursor missed missedSince numbers } }`;
const WITHOUT_AFTER: Document = 'subscription { numbers { phase cursor missed numbers } }';
const STATUS: OperationDocument<{ status: { newest: number } }, object> = 'subscription { status { newest } }';
let server: NumberServer;
let timers: ManualTimers;
let client: ObservedClient;

beforeEach(async () => {
  server = await startNumberServer();
  timers = createManualTimers();
  client = aClient({ url: server.url, timers });
});

afterEach(async () => {
  client.close();
  await server.stop();
});

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

async function take<Data>(items: LiveSubscription<Data>): Promise<LiveItem<Data>> {
  const { value, done } = await items.next();
  if (done) throw new Error('expected an item, got the end');
  return value;
}

/** Reads until that number has come. */
async function readUntil(items: LiveSubscription<Batch>, last: number): Promise<number[]> {
  const read: number[] = [];
  while (read.at(-1) !== last) read.push(...(await take(items)).data.numbers.numbers);
  return read;
}

async function cutAndReconnect(): Promise<void> {
  await vi.waitFor(
    () => {
      // Again until the server has the connection, if it was only being made.
      server.cut();
      expect(client.state).toBe('waiting');
    },
    { interval: 1 },
  );
  timers.advance(60_000);
}

describe('a subscription', () => {
  it('brings items with their cursors', async () => {
    server.stream.add(3);
    const items = client.subscribe(NUMBERS, { variables: { snapshot: 2 } });
    expect(items.cursor).toBeNull();
    expect(await take(items)).toEqual({
      data: { numbers: { phase: 'SNAPSHOT', cursor: '3', missed: 0, missedSince: null, numbers: [2, 3] } },
      errors: null,
      cursor: '3',
      gap: null,
    });
    expect(items.cursor).toBe('3');
    server.stream.add(1);
    expect((await take(items)).data.numbers).toMatchObject({ phase: 'LIVE', numbers: [4] });
  });

  it('goes on after its last cursor when the connection is lost, with nothing lost and nothing twice', async () => {
    const items = client.subscribe(NUMBERS);
    await take(items);
    server.stream.add(2);
    expect(await readUntil(items, 2)).toEqual([1, 2]);
    server.cut();
    await vi.waitFor(() => expect(client.state).toBe('waiting'));
    server.stream.add(25);
    timers.advance(60_000);
    expect(await readUntil(items, 27)).toEqual(upTo(27, 3));
    expect(server.received.map(({ variables }) => variables)).toEqual([{}, { after: '2' }]);
  });

  it('gets each number once and in order through a hundred lost connections, beside others on the same socket', async () => {
    const random = seededRandom(7);
    const readers = [client.subscribe(NUMBERS), client.subscribe(NUMBERS), client.subscribe(NUMBERS, { buffer: 1 })];
    await Promise.all(readers.map(take));
    const reads = readers.map((items) => readUntil(items, 1_000));
    for (let cut = 0; cut < 100; cut++) {
      const step = Math.floor(random() * 10);
      server.stream.add(step);
      await vi.waitFor(() => expect(client.state).toBe('connected'), { interval: 1 });
      // Somewhere in the middle of what is on its way.
      for (let turn = Math.floor(random() * 8); turn > 0; turn--) await new Promise(setImmediate);
      await cutAndReconnect();
    }
    server.stream.add(1_000 - server.stream.newest());
    const expected = upTo(1_000);
    for (const read of await Promise.all(reads)) expect(read).toEqual(expected);
    expect(client.told('gap')).toEqual([]);
    expect(client.told('connected').length).toBeGreaterThanOrEqual(100);
  });

  it('goes on where another program has left off', async () => {
    server.stream.add(5);
    expect(await readUntil(client.subscribe(NUMBERS, { variables: { after: '2' } }), 5)).toEqual([3, 4, 5]);
  });

  it('that the server completes because it stops is begun again after its last cursor', async () => {
    const items = client.subscribe(NUMBERS);
    await take(items);
    server.stream.add(1);
    await take(items);
    server.stream.completeAll();
    await vi.waitFor(() => expect(client.told('resubscribing')).toHaveLength(1));
    expect(client.told('resubscribing')[0]).toMatchObject({
      attempt: 1,
      delayMs: 1_000,
      errors: [{ message: 'the server has completed the subscription' }],
    });
    server.stream.add(1);
    timers.advance(1_000);
    expect(await readUntil(items, 2)).toEqual([2]);
    expect(client.told('connected')).toHaveLength(1);
  });

  it('is begun once when it was completed and then the connection was closed', async () => {
    const items = client.subscribe(NUMBERS);
    await take(items);
    server.stream.completeAll();
    server.closeAll(1001, 'Going away');
    await vi.waitFor(() => expect(client.state).toBe('waiting'));
    server.stream.add(1);
    timers.advance(60_000);
    expect(await readUntil(items, 1)).toEqual([1]);
    timers.advance(10_000);
    await client.query('{ newest }');
    expect(server.received.filter(({ query }) => query === String(NUMBERS))).toHaveLength(2);
  });

  it('hears nothing more of a connection that hung, whenever it comes to life again', async () => {
    // As in browsers, where a connection cannot be cut but only be asked to close.
    class WithoutTerminate extends WebSocket {
      override terminate = undefined as never;
    }
    const proxy = await startTcpProxy({ host: '127.0.0.1', port: server.port });
    client.close();
    client = aClient({ url: `ws://127.0.0.1:${proxy.port}/graphql`, timers, webSocketImpl: WithoutTerminate, keepAliveMs: 1_000 });
    try {
      const items = client.subscribe(NUMBERS);
      await take(items);
      timers.advance(1_000);
      await client.query('{ newest }');
      proxy.pause();
      server.stream.add(5);
      timers.advance(2_000);
      expect(client.told('disconnected')).toHaveLength(1);
      proxy.resume();
      timers.advance(1_000);
      server.stream.add(5);
      expect(await readUntil(items, 10)).toEqual(upTo(10));
    } finally {
      proxy.close();
    }
  });

  it('that a listener begins as soon as there is a connection is sent once', async () => {
    const begun: LiveSubscription<Batch>[] = [];
    client.on('connected', () => begun.push(client.subscribe(NUMBERS)));
    await client.query('{ newest }');
    await take(begun[0]!);
    server.stream.add(1);
    expect(await readUntil(begun[0]!, 1)).toEqual([1]);
    expect(server.received.filter(({ query }) => query === String(NUMBERS))).toHaveLength(1);
  });

  it('outlasts a server in trouble, with longer and longer pauses, and leaves nothing out', async () => {
    const items = client.subscribe(NUMBERS);
    await take(items);
    server.failItems(3, 'INTERNAL_SERVER_ERROR');
    server.stream.add(1);
    for (const [index, delayMs] of [1_000, 2_000, 4_000].entries()) {
      await vi.waitFor(() => expect(client.told('resubscribing')).toHaveLength(index + 1));
      expect(client.told('resubscribing')[index]).toMatchObject({ delayMs, errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] });
      timers.advance(delayMs);
    }
    expect(await readUntil(items, 1)).toEqual([1]);
    server.refuseSubscriptions(2, 'INTERNAL_SERVER_ERROR');
    await cutAndReconnect();
    server.stream.add(1);
    for (const [index, delayMs] of [1_000, 2_000].entries()) {
      await vi.waitFor(() => expect(client.told('resubscribing')).toHaveLength(4 + index));
      expect(client.told('resubscribing').at(-1)?.delayMs).toBe(delayMs);
      timers.advance(delayMs);
    }
    expect(await readUntil(items, 2)).toEqual([2]);
  });

  it('ends with what the server refuses for good', async () => {
    const items = client.subscribe(NUMBERS, { variables: { after: '99' } });
    const error = await items.next().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OperationError);
    expect((error as OperationError).message).toContain('expected a number up to 0');
    expect(await items.next()).toEqual({ done: true, value: undefined });
    server.failItems(1, 'FORBIDDEN');
    await expect(client.subscribe(NUMBERS).next()).rejects.toThrow(OperationError);
    await expect(client.subscribe('subscription { nothing }').next()).rejects.toThrow('Cannot query field "nothing"');
    expect(client.told('resubscribing')).toEqual([]);
  });

  it('is given up after as many failures in a row as the client was told', async () => {
    client.close();
    client = aClient({ url: server.url, timers, maximumAttempts: 2 });
    const items = client.subscribe(NUMBERS);
    await take(items);
    server.failItems(2, 'INTERNAL_SERVER_ERROR');
    server.stream.add(1);
    await vi.waitFor(() => expect(client.told('resubscribing')).toHaveLength(1));
    timers.advance(1_000);
    await expect(items.next()).rejects.toThrow(OperationError);
    expect(await client.query('{ newest }')).toEqual({ newest: 1 });
  });

  it('gives the errors of single fields with the item', async () => {
    const items = client.subscribe('subscription ($after: String) { numbers(after: $after) { cursor note } }');
    expect(await take(items)).toMatchObject({ data: { numbers: { cursor: '0', note: null } }, errors: [{ path: ['numbers', 'note'] }] });
  });

  it('leaves the server when its reader has enough', async () => {
    for await (const item of client.subscribe(NUMBERS)) {
      expect(item.cursor).toBe('0');
      break;
    }
    await vi.waitFor(() => expect(server.stream.followers()).toBe(0));
    const controller = new AbortController();
    const items = client.subscribe(NUMBERS, { signal: controller.signal });
    await take(items);
    const pending = items.next();
    controller.abort();
    expect(await pending).toEqual({ done: true, value: undefined });
    await vi.waitFor(() => expect(server.stream.followers()).toBe(0));
    expect(await client.subscribe(NUMBERS, { signal: controller.signal }).next()).toEqual({ done: true, value: undefined });
    await cutNothing();
  });

  /** With nothing to do, a lost connection is not made again. */
  async function cutNothing(): Promise<void> {
    server.cut();
    await vi.waitFor(() => expect(client.state).toBe('idle'));
  }
});

describe('what can be resumed', () => {
  it('is said at once when resuming is asked for', () => {
    expect(() => client.subscribe(WITHOUT_AFTER, { resume: true })).toThrow(NotResumableError);
    expect(() => client.subscribe(STATUS, { resume: true })).toThrow(
      'expected a subscription with a variable `$after: String` that is given to the argument `after` and the field `cursor`, so that it can be resumed; got subscription { status { newest } }',
    );
    expect(client.state).toBe('idle');
  });

  it('has a cursor in each item', async () => {
    const renamed = 'subscription ($after: String) { numbers(after: $after) { place: cursor numbers } }';
    await expect(client.subscribe(renamed, { resume: true }).next()).rejects.toThrow(
      'expected the field `cursor` in each item of a subscription that is resumed, got none',
    );
    await vi.waitFor(() => expect(server.stream.followers()).toBe(0));
  });

  it('does not depend on the name of the field', async () => {
    const items = client.subscribe('subscription ($after: String) { mine: numbers(after: $after) { cursor numbers } }');
    await take(items);
    server.stream.add(1);
    await take(items);
    await cutAndReconnect();
    expect(await take(items)).toMatchObject({ data: { mine: { numbers: [] } }, cursor: '1' });
  });
});

describe('a gap', () => {
  it('that the server tells of is an event and is in the item', async () => {
    const items = client.subscribe(NUMBERS);
    await take(items);
    server.cut();
    await vi.waitFor(() => expect(client.state).toBe('waiting'));
    server.stream.add(7);
    server.stream.forgetUntil(5);
    timers.advance(60_000);
    expect(await take(items)).toMatchObject({ gap: { missed: 7, missedSince: '0' }, cursor: '7' });
    expect(client.told('gap')).toEqual([{ operation: NUMBERS, missed: 7, missedSince: '0' }]);
    server.stream.add(1);
    expect(await take(items)).toMatchObject({ gap: null, cursor: '8' });
  });

  it('is told of where a subscription could not be resumed', async () => {
    const items = client.subscribe(WITHOUT_AFTER);
    await take(items);
    server.stream.add(1);
    await take(items);
    server.cut();
    await vi.waitFor(() => expect(client.state).toBe('waiting'));
    server.stream.add(1);
    timers.advance(60_000);
    expect(await take(items)).toMatchObject({ gap: { missed: null, missedSince: '1' }, data: { numbers: { cursor: '2', numbers: [] } } });
    expect(client.told('gap')).toEqual([{ operation: WITHOUT_AFTER, missed: null, missedSince: '1' }]);
  });
});

describe('a slow reader', () => {
  it('holds no more items than its buffer, and loses none: the subscription pauses and goes on after the last it holds', async () => {
    const items = client.subscribe(NUMBERS, { buffer: 4 });
    await take(items);
    server.stream.add(300);
    await vi.waitFor(() => expect(server.stream.followers()).toBe(0));
    server.stream.add(200);
    await client.query('{ newest }');
    expect(server.received.filter(({ query }) => query === String(NUMBERS))).toHaveLength(1);
    // Two of the four are taken: then the server is asked for more.
    await take(items);
    expect(server.stream.followers()).toBe(0);
    const held = Number(items.cursor);
    expect(await readUntil(items, 500)).toEqual(upTo(500, held + 1));
    expect(client.told('gap')).toEqual([]);
    expect(server.received.length).toBeGreaterThan(3);
  });

  it('that pauses while the connection is lost and made again goes on all the same', async () => {
    const items = client.subscribe(NUMBERS, { buffer: 2 });
    await take(items);
    server.stream.add(5);
    await vi.waitFor(() => expect(server.stream.followers()).toBe(0));
    await cutAndReconnect();
    await client.query('{ newest }');
    expect(server.stream.followers()).toBe(0);
    expect(await readUntil(items, 5)).toEqual(upTo(5));
  });

  it('of something that cannot be resumed gets the newest, and is told', async () => {
    const { webSocketImpl, arrived } = countingWebSocket();
    client.close();
    client = aClient({ url: server.url, timers, webSocketImpl });
    const items = client.subscribe(WITHOUT_AFTER, { buffer: 2 });
    await take(items);
    const before = arrived();
    server.stream.add(6);
    await vi.waitFor(() => expect(arrived()).toBe(before + 6));
    expect(client.told('gap')).toEqual([{ operation: WITHOUT_AFTER, missed: null, missedSince: '0' }]);
    expect(await take(items)).toMatchObject({ cursor: '5', gap: { missed: null, missedSince: '0' } });
    expect(await take(items)).toMatchObject({ cursor: '6', gap: null });
  });
});

describe('a listener', () => {
  it('gets items one at a time until it is taken off', async () => {
    const numbers: number[] = [];
    let busy = 0;
    const end = vi.fn<() => void>();
    const stop = client.listen(NUMBERS, {
      async item({ data }) {
        expect(++busy).toBe(1);
        await new Promise(setImmediate);
        numbers.push(...data.numbers.numbers);
        busy--;
      },
      error: expect.fail,
      end,
    });
    await vi.waitFor(() => expect(server.stream.followers()).toBe(1));
    server.stream.add(20);
    await vi.waitFor(() => expect(numbers).toEqual(upTo(20)));
    stop();
    await vi.waitFor(() => expect(server.stream.followers()).toBe(0));
    await vi.waitFor(() => expect(end).toHaveBeenCalledOnce());
  });

  it('hears of the error that ends its subscription, its own included', async () => {
    const errors: unknown[] = [];
    client.listen('subscription { nothing }', { item: () => expect.fail('expected no item'), error: (error) => errors.push(error) });
    client.listen(NUMBERS, {
      item: () => {
        throw new Error('its own');
      },
      error: (error) => errors.push(error),
    });
    await vi.waitFor(() => expect(errors).toHaveLength(2));
    expect(errors.map((error) => (error as Error).message).sort()).toEqual([expect.stringContaining('nothing'), 'its own']);
    await vi.waitFor(() => expect(server.stream.followers()).toBe(0));
  });
});
