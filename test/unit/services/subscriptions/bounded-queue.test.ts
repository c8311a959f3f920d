import { describe, expect, it, vi } from 'vitest';
import { createBoundedQueue } from '../../../../src/services/subscriptions/bounded-queue.ts';

const aQueue = (capacity = 3) => {
  const onEnd = vi.fn<() => void>();
  return { onEnd, queue: createBoundedQueue<string>({ capacity, onEnd }) };
};

describe('bounded queue', () => {
  it('hands an item to a reader that waits, without using its room', async () => {
    const { queue } = aQueue(1);
    const next = queue.next();
    expect(queue.push('a', 1)).toBe(true);
    expect(await next).toEqual({ done: false, value: 'a' });
    expect(queue.push('b', 1)).toBe(true);
    expect(queue.push('c', 1)).toBe(false);
  });

  it('takes an item heavier than the whole queue when it is empty', () => {
    const { queue } = aQueue(3);
    expect(queue.push('heavy', 10)).toBe(true);
    expect(queue.push('more', 1)).toBe(false);
  });

  it('takes as much weight as it has room for and not more', async () => {
    const { queue } = aQueue(3);
    expect(queue.push('a', 2)).toBe(true);
    expect(queue.push('b', 2)).toBe(false);
    expect(queue.push('c', 1)).toBe(true);
    await queue.next();
    expect(queue.push('d', 2)).toBe(true);
  });

  it('ends after what is queued when it is closed', async () => {
    const { queue, onEnd } = aQueue();
    queue.push('a', 1);
    queue.close();
    queue.close();
    expect(await queue.next()).toEqual({ done: false, value: 'a' });
    expect(await queue.next()).toMatchObject({ done: true });
    expect(queue.push('b', 1)).toBe(false);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it('drops what is queued and throws once when it is closed with an error', async () => {
    const { queue } = aQueue();
    queue.push('a', 1);
    queue.close(new Error('too slow'));
    await expect(queue.next()).rejects.toThrow('too slow');
    expect(await queue.next()).toMatchObject({ done: true });
  });

  it('wakes a waiting reader when it is closed', async () => {
    const { queue: quiet } = aQueue();
    const waiting = quiet.next();
    quiet.close();
    expect(await waiting).toMatchObject({ done: true });
    const { queue: failing } = aQueue();
    const failed = failing.next();
    failing.close(new Error('gone'));
    await expect(failed).rejects.toThrow('gone');
  });

  it('lets go when the reader returns', async () => {
    const { queue, onEnd } = aQueue();
    queue.push('a', 1);
    for await (const item of queue) {
      expect(item).toBe('a');
      break;
    }
    expect(onEnd).toHaveBeenCalledTimes(1);
    expect(queue.push('b', 1)).toBe(false);
  });
});
