import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createKeepAliveComments } from '../../../../src/server/sse/keep-alive-comments.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('lets every stream comment once per interval, from one timer', () => {
  const comments = createKeepAliveComments({ intervalMs: 12_000 });
  const counts = Array.from({ length: 100 }, () => 0);
  for (const index of counts.keys()) comments.add(() => counts[index]!++);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(12_000);
  expect(counts).toEqual(counts.map(() => 1));
  vi.advanceTimersByTime(24_000);
  expect(counts).toEqual(counts.map(() => 3));
});

it('does not let all comment at the same moment', () => {
  const comments = createKeepAliveComments({ intervalMs: 12_000 });
  let count = 0;
  for (let stream = 0; stream < 64; stream++) comments.add(() => count++);
  vi.advanceTimersToNextTimer();
  expect(count).toBe(2);
});

it('runs no timer when no stream is left, and again when there is one', () => {
  const comments = createKeepAliveComments({ intervalMs: 12_000 });
  expect(vi.getTimerCount()).toBe(0);
  let count = 0;
  const ends = [1, 2, 3].map(() => comments.add(() => count++));
  for (const end of ends) {
    end();
    end();
  }
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(24_000);
  expect(count).toBe(0);
  comments.add(() => count++);
  vi.advanceTimersByTime(12_000);
  expect(count).toBe(1);
});
