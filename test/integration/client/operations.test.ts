import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClientClosedError } from '../../../src/client/errors/client-closed-error.ts';
import { ConnectionLostError } from '../../../src/client/errors/connection-lost-error.ts';
import { OperationError } from '../../../src/client/errors/operation-error.ts';
import { QueueFullError } from '../../../src/client/errors/queue-full-error.ts';
import { aClient, type ObservedClient } from '../../support/a-client.ts';
import { createManualTimers, type ManualTimers } from '../../support/manual-timers.ts';
import { type NumberServer, startNumberServer } from '../../support/start-number-server.ts';

const NEWEST = '{ newest }';
const HELD = '{ held }';
const ADD_HELD = 'mutation { addHeld }';
const STATUS = 'subscription { status { newest } }';

let server: NumberServer;
let timers: ManualTimers;
let client: ObservedClient;

beforeEach(async () => {
  server = await startNumberServer();
  timers = createManualTimers();
  client = aClient({ url: server.url, timers, queueLimit: 2 });
});

afterEach(async () => {
  client.close();
  await server.stop();
});

async function reconnect(): Promise<void> {
  await vi.waitFor(() => expect(client.state).toBe('waiting'));
  timers.advance(60_000);
}

describe('a query', () => {
  it('rejects with the errors of the server and what it answered in spite of them', async () => {
    const error = await client.query('{ newest failing }').catch((thrown: unknown) => thrown as OperationError);
    expect(error).toBeInstanceOf(OperationError);
    expect(error).toMatchObject({
      errors: [{ message: 'Unexpected error.', path: ['failing'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
      data: { newest: 0, failing: null },
    });
    await expect(client.query('{ nothing }')).rejects.toThrow('Cannot query field "nothing" on type "Query"');
    expect(await client.query(NEWEST)).toEqual({ newest: 0 });
  });

  it('sends its variables', async () => {
    await client.query('query ($skip: Boolean!) { newest @skip(if: $skip) __typename }', { variables: { skip: true } });
    expect(server.received.at(-1)?.variables).toEqual({ skip: true });
  });

  it('whose connection is lost is sent again over the next one', async () => {
    const answer = client.query(HELD);
    await vi.waitFor(() => expect(server.received).toHaveLength(1));
    server.cut();
    await reconnect();
    await vi.waitFor(() => expect(server.received).toHaveLength(2));
    server.letGo();
    expect(await answer).toEqual({ held: 0 });
  });

  it('ends when its signal says so, before and after it was sent', async () => {
    const controller = new AbortController();
    const answer = client.query(HELD, { signal: controller.signal });
    await vi.waitFor(() => expect(server.received).toHaveLength(1));
    controller.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
    await expect(client.query(NEWEST, { signal: controller.signal })).rejects.toThrow('enough');
    expect(server.received).toHaveLength(1);
    expect(await client.query(NEWEST)).toEqual({ newest: 0 });
  });

  it('must be a text', async () => {
    await expect(client.query({ kind: 'Document' } as never)).rejects.toThrow(
      'expected the text of an operation, got a parsed document: pass `print(document)` of graphql',
    );
  });
});

describe('a mutation', () => {
  it('whose connection is lost before the answer is not sent again: it says that its outcome is unknown', async () => {
    const answer = client.mutate(ADD_HELD);
    await vi.waitFor(() => expect(server.stream.newest()).toBe(1));
    server.cut();
    await expect(answer).rejects.toThrow(ConnectionLostError);
    expect(await client.query(NEWEST)).toEqual({ newest: 1 });
  });

  it('that may be repeated is', async () => {
    const answer = client.mutate(ADD_HELD, { isRepeatable: true });
    await vi.waitFor(() => expect(server.stream.newest()).toBe(1));
    server.cut();
    await reconnect();
    await vi.waitFor(() => expect(server.stream.newest()).toBe(2));
    server.letGo();
    expect(await answer).toEqual({ addHeld: 2 });
  });

  it('that was not sent yet is kept for the next connection', async () => {
    const items = client.subscribe(STATUS);
    await items.next();
    server.cut();
    await vi.waitFor(() => expect(client.state).toBe('waiting'));
    const answer = client.mutate(ADD_HELD);
    timers.advance(60_000);
    await vi.waitFor(() => expect(server.stream.newest()).toBe(1));
    server.letGo();
    expect(await answer).toEqual({ addHeld: 1 });
  });
});

describe('without a connection', () => {
  beforeEach(async () => {
    await client.subscribe(STATUS).next();
    const lost = new Promise((resolve) => client.on('reconnecting', resolve));
    server.cut();
    await lost;
  });

  it('as many operations wait as may, and one more is refused', async () => {
    const answers = [client.query(NEWEST), client.query(NEWEST)];
    await expect(client.query(NEWEST)).rejects.toThrow(QueueFullError);
    await expect(client.mutate(ADD_HELD)).rejects.toThrow('expected at most 2 operations that wait for a connection, got one more');
    expect(() => client.subscribe(STATUS)).toThrow(QueueFullError);
    timers.advance(60_000);
    expect(await Promise.all(answers)).toEqual([{ newest: 0 }, { newest: 0 }]);
    expect(server.stream.newest()).toBe(0);
  });

  it('who no longer wants to wait makes room', async () => {
    const controller = new AbortController();
    const impatient = client.query(NEWEST, { signal: controller.signal });
    const other = client.query(NEWEST);
    controller.abort(new Error('enough'));
    await expect(impatient).rejects.toThrow('enough');
    const third = client.query(NEWEST);
    timers.advance(60_000);
    expect(await Promise.all([other, third])).toEqual([{ newest: 0 }, { newest: 0 }]);
  });
});

describe('a client that is closed', () => {
  it('ends subscriptions quietly and everything else with an error, and sets no timer any more', async () => {
    const items = client.subscribe(STATUS);
    await items.next();
    const pending = items.next();
    const answer = client.query(HELD);
    await vi.waitFor(() => expect(server.received).toHaveLength(2));
    client.close();
    expect(await pending).toEqual({ done: true, value: undefined });
    await expect(answer).rejects.toThrow(ClientClosedError);
    await expect(client.query(NEWEST)).rejects.toThrow(ClientClosedError);
    expect(() => client.subscribe(STATUS)).toThrow(ClientClosedError);
    await vi.waitFor(() => expect(server.connections()).toBe(0));
    expect(timers.pending()).toEqual([]);
    expect(client.state).toBe('closed');
  });

  it('does not connect although it was about to', async () => {
    const items = client.subscribe(STATUS);
    client.close();
    expect(await items.next()).toEqual({ done: true, value: undefined });
    await vi.waitFor(() => expect(server.connections()).toBe(0));
    expect(client.names()).toEqual(['connecting']);
    expect(timers.pending()).toEqual([]);
  });

  it('does not connect again although it was waiting to', async () => {
    await client.subscribe(STATUS).next();
    server.cut();
    await vi.waitFor(() => expect(client.state).toBe('waiting'));
    client.close();
    timers.advance(60_000);
    expect(client.told('connecting')).toHaveLength(1);
  });
});
