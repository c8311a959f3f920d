import { describe, expect, it } from 'vitest';
import { createItemQueue } from '../../../src/client/item-queue.ts';

const value = <Item>(item: Item) => ({ done: false, value: item });
const DONE = { done: true, value: undefined };

describe('an item queue', () => {
  it('gives items in order to who waits and to who comes later', async () => {
    const queue = createItemQueue<number>();
    const waiting = [queue.next(), queue.next()];
    for (const item of [1, 2, 3, 4]) queue.push(item);
    expect(queue.size()).toBe(2);
    expect(await Promise.all([...waiting, queue.next(), queue.next()])).toEqual([1, 2, 3, 4].map(value));
  });

  it('ends behind what waits, and takes nothing more', async () => {
    const queue = createItemQueue<number>();
    queue.push(1);
    queue.end();
    queue.push(2);
    expect(await Promise.all([queue.next(), queue.next()])).toEqual([value(1), DONE]);
  });

  it('ends for all who wait', async () => {
    const queue = createItemQueue<number>();
    const waiting = [queue.next(), queue.next()];
    queue.end();
    expect(await Promise.all(waiting)).toEqual([DONE, DONE]);
  });

  it('tells one of a failure, behind what waits', async () => {
    const queue = createItemQueue<number>();
    queue.push(1);
    queue.fail(new Error('broken'));
    queue.fail(new Error('twice'));
    expect(await queue.next()).toEqual(value(1));
    await expect(queue.next()).rejects.toThrow('broken');
    expect(await queue.next()).toEqual(DONE);
    const other = createItemQueue<number>();
    const waiting = [other.next(), other.next()];
    other.fail(new Error('broken'));
    await expect(waiting[0]).rejects.toThrow('broken');
    expect(await waiting[1]).toEqual(DONE);
  });

  it('forgets what it is told to', async () => {
    const queue = createItemQueue<number>();
    for (const item of [1, 2, 3]) queue.push(item);
    queue.dropOldest();
    expect(await queue.next()).toEqual(value(2));
    queue.clear();
    expect(queue.size()).toBe(0);
    queue.fail(new Error('broken'));
    queue.clear();
    expect(await queue.next()).toEqual(DONE);
  });
});
