import { expect, it, vi } from 'vitest';
import { createEventConnection, type EventConnection } from '../../../../src/server/sse/event-connection.ts';
import { POSITION, type PositionedResult } from '../../../../src/server/sse/event-text.ts';

/** Counts from 1, one number each time it is asked; waits for ever when it is at its limit. */
function aCounter(limit = Number.POSITIVE_INFINITY) {
  let count = 0;
  let returned = 0;
  let release = () => {};
  const results: AsyncIterableIterator<PositionedResult> = {
    [Symbol.asyncIterator]: () => results,
    async next() {
      if (returned > 0) return { done: true, value: undefined };
      if (count >= limit) await new Promise<void>((resolve) => (release = resolve));
      if (returned > 0) return { done: true, value: undefined };
      return { done: false, value: { data: { count: ++count }, [POSITION]: `c${count}` } };
    },
    async return() {
      returned++;
      release();
      return { done: true, value: undefined };
    },
  };
  return { results, asked: () => count, returned: () => returned };
}

function aConnection(): { connection: EventConnection; closed: () => number } {
  let closed = 0;
  return { connection: createEventConnection({ onClose: () => closed++ }), closed: () => closed };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

it('asks an operation for one event more than its client has taken, whatever it could give', async () => {
  const { connection } = aConnection();
  const counter = aCounter();
  connection.reserve('a');
  connection.start('a', counter.results);
  await settled();
  expect(counter.asked()).toBe(1);
  expect(await connection.next()).toBe('id: c1\nevent: next\ndata: {"id":"a","payload":{"data":{"count":1}}}\n\n');
  await settled();
  expect(counter.asked()).toBe(2);
  connection.close();
  await settled();
  expect(counter.asked()).toBe(2);
  expect(counter.returned()).toBe(1);
});

it('gives each operation its turn', async () => {
  const { connection } = aConnection();
  for (const id of ['a', 'b', 'c']) {
    connection.reserve(id);
    connection.start(id, aCounter().results);
  }
  await settled();
  const order: string[] = [];
  for (let turn = 0; turn < 9; turn++) order.push(/"id":"(.)"/.exec(String(await connection.next()))![1]!);
  expect(order.join('')).toBe('abcabcabc');
  connection.close();
});

it('sends nothing of an operation once it is completed, and lets its id be used again', async () => {
  const { connection } = aConnection();
  const counter = aCounter();
  connection.reserve('a');
  connection.start('a', counter.results);
  await settled();
  connection.complete('a');
  expect(counter.returned()).toBe(1);
  expect(connection.reserve('a')).toBe('reserved');
  connection.start('a', { data: { again: true } });
  expect(await connection.next()).toBe('event: next\ndata: {"id":"a","payload":{"data":{"again":true}}}\n\n');
  expect(await connection.next()).toBe('event: complete\ndata: {"id":"a"}\n\n');
});

it('keeps nothing of operations that come and go while its client takes nothing', async () => {
  const { connection } = aConnection();
  for (let turn = 0; turn < 1_000; turn++) {
    expect(connection.reserve('a')).toBe('reserved');
    connection.start('a', aCounter().results);
    await Promise.resolve();
    connection.complete('a');
  }
  await settled();
  connection.end();
  expect(await connection.next()).toBeNull();
});

it('stops an operation that was completed, or whose connection was closed, before it began', async () => {
  for (const stop of ['complete', 'close'] as const) {
    const { connection } = aConnection();
    const counter = aCounter(0);
    connection.reserve('a');
    connection[stop]('a');
    connection.start('a', counter.results);
    await settled();
    expect(counter.returned()).toBe(1);
  }
});

it('completes an operation that waits for its next event', async () => {
  const { connection } = aConnection();
  const counter = aCounter(1);
  connection.reserve('a');
  connection.start('a', counter.results);
  await connection.next();
  const next = connection.next();
  connection.complete('a');
  connection.end();
  expect(await next).toBeNull();
});

it('ends when it is asked to and the last operation has been told to the end', async () => {
  const { connection, closed } = aConnection();
  connection.reserve('a');
  connection.end();
  const first = connection.next();
  connection.start('a', { data: {} });
  expect(await first).toContain('event: next');
  expect(await connection.next()).toContain('event: complete');
  expect(await connection.next()).toBeNull();
  connection.close();
  connection.close();
  expect(closed()).toBe(1);
});

it('takes no id twice, and no more operations than it has room for', () => {
  const { connection } = aConnection();
  expect(connection.reserve('0')).toBe('reserved');
  expect(connection.reserve('0')).toBe('in use');
  for (let number = 1; number < 256; number++) expect(connection.reserve(String(number))).toBe('reserved');
  expect(connection.reserve('256')).toBe('too many');
  connection.release('7');
  expect(connection.reserve('256')).toBe('reserved');
});

it('drops an operation whose iteration breaks', async () => {
  const { connection } = aConnection();
  const broken = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('broken')) }) };
  connection.reserve('a');
  connection.start('a', broken);
  await vi.waitFor(() => expect(connection.reserve('a')).toBe('reserved'));
});
