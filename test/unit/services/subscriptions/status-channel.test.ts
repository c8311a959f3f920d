import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStatusChannel } from '../../../../src/services/subscriptions/status-channel.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function aChannel() {
  let reading = 0;
  const channel = createStatusChannel({ name: 'numbers', read: () => ++reading, intervalMs: 500 });
  return { channel, subscribe: () => channel.subscribe()[Symbol.asyncIterator](), readings: () => reading };
}

it('gives the present reading at once, then one each interval', async () => {
  const { subscribe } = aChannel();
  const readings = subscribe();
  expect((await readings.next()).value).toBe(1);
  for (const expected of [2, 3, 4]) {
    const next = readings.next();
    await vi.advanceTimersByTimeAsync(500);
    expect((await next).value).toBe(expected);
  }
  await readings.return?.();
});

it('gives the newest to who has not taken for a while, and no older one', async () => {
  const { subscribe } = aChannel();
  const readings = subscribe();
  await readings.next();
  const second = readings.next();
  await vi.advanceTimersByTimeAsync(500);
  expect((await second).value).toBe(2);
  await vi.advanceTimersByTimeAsync(5_000);
  expect((await readings.next()).value).toBe(12);
  const next = readings.next();
  await vi.advanceTimersByTimeAsync(500);
  expect((await next).value).toBe(13);
  await readings.return?.();
});

it('gives everybody the same reading, read once', async () => {
  const { subscribe, readings } = aChannel();
  const all = Array.from({ length: 100 }, subscribe);
  await Promise.all(all.map((one) => one.next()));
  const taken = readings();
  const next = Promise.all(all.map((one) => one.next()));
  await vi.advanceTimersByTimeAsync(500);
  expect(new Set((await next).map(({ value }) => value))).toEqual(new Set([taken + 1]));
  expect(readings()).toBe(taken + 1);
  await Promise.all(all.map((one) => one.return?.()));
});

it('runs one timer while anybody listens, and none otherwise', async () => {
  const { channel, subscribe, readings } = aChannel();
  expect(vi.getTimerCount()).toBe(0);
  const [one, other] = [subscribe(), subscribe()];
  await Promise.all([one.next(), other.next()]);
  const waiting = [one.next(), other.next()];
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(1);
  await one.return?.();
  expect(channel.subscribers()).toBe(1);
  await other.return?.();
  expect(channel.subscribers()).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
  const taken = readings();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(readings()).toBe(taken);
  expect((await Promise.all(waiting)).map(({ done }) => done)).toEqual([true, true]);
});

it('completes those that listen when it stops, and those that come later', async () => {
  const { channel, subscribe } = aChannel();
  const readings = subscribe();
  await readings.next();
  const next = readings.next();
  await vi.advanceTimersByTimeAsync(0);
  channel.stop();
  expect((await next).done).toBe(true);
  expect((await subscribe().next()).done).toBe(true);
});
