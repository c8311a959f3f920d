import type { Readable } from 'node:stream';
import { createYoga } from 'graphql-yoga';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createEventResponse } from '../../../../src/server/sse/event-response.ts';
import { createKeepAliveComments } from '../../../../src/server/sse/keep-alive-comments.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => vi.useRealTimers());

const { fetchAPI } = createYoga({ logging: false });

/** Texts handed over one at a time. */
function someEvents() {
  const waiting: (string | null)[] = [];
  let wake = () => {};
  const state = { asked: 0, closed: 0 };
  return {
    state,
    push(text: string | null) {
      waiting.push(text);
      wake();
    },
    async next() {
      state.asked++;
      while (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return waiting.shift()!;
    },
    close() {
      state.closed++;
    },
  };
}

function respond(events: ReturnType<typeof someEvents>, { signal } = new AbortController()) {
  const response = createEventResponse(events, { signal }, { fetchAPI, comments: createKeepAliveComments({ intervalMs: 12_000 }) });
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  return { response, reader, read: async () => decoder.decode((await reader.read()).value as Uint8Array) };
}

it('begins with a comment, sends events as they come, and a comment when none has come for the interval', async () => {
  const events = someEvents();
  const { read } = respond(events);
  expect(await read()).toBe(':\n\n');
  const next = read();
  events.push('one\n\n');
  expect(await next).toBe('one\n\n');
  const quiet = read();
  vi.advanceTimersByTime(12_000);
  expect(await quiet).toBe(':\n\n');
});

it('ends behind the last event, and lets its source and its timer go', async () => {
  const events = someEvents();
  const { reader, read } = respond(events);
  events.push('one\n\n');
  events.push(null);
  let text = '';
  while (!text.endsWith('one\n\n')) text += await read();
  expect((await reader.read()).done).toBe(true);
  await vi.waitFor(() => expect(events.state.closed).toBe(1));
  expect(vi.getTimerCount()).toBe(0);
});

it('asks for a bounded number of events while nobody reads', async () => {
  const events = someEvents();
  respond(events);
  for (let number = 0; number < 1_000; number++) events.push('x'.repeat(1_000));
  await new Promise((resolve) => setImmediate(resolve));
  vi.advanceTimersByTime(120_000);
  expect(events.state.asked).toBeLessThan(100);
});

it('closes its source when the client goes away, also while it waits', async () => {
  const events = someEvents();
  const { response, read } = respond(events);
  await read();
  read().catch(() => {});
  // What the server does with a body whose connection is closed.
  (response.body as unknown as Readable).destroy();
  await vi.waitFor(() => expect(events.state.closed).toBe(1));
  expect(vi.getTimerCount()).toBe(0);
});

it('closes its source when the client has gone before the answer began, or before anything was read of it', async () => {
  const controller = new AbortController();
  const [late, early] = [someEvents(), someEvents()];
  createEventResponse(late, controller, { fetchAPI, comments: createKeepAliveComments({ intervalMs: 12_000 }) });
  controller.abort();
  createEventResponse(early, controller, { fetchAPI, comments: createKeepAliveComments({ intervalMs: 12_000 }) });
  await vi.waitFor(() => expect([late.state.closed, early.state.closed]).toEqual([1, 1]));
  expect(vi.getTimerCount()).toBe(0);
});
