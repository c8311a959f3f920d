import { describe, expect, it } from 'vitest';
import { createPreviewQueue } from '../../../../src/services/filters/preview-queue.ts';

const wanted = () => false;

function deferred() {
  let settle!: () => void;
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}

describe('the queue of previews', () => {
  it('runs one after the other, also after one that failed', async () => {
    const queue = createPreviewQueue();
    const events: string[] = [];
    const gate = deferred();
    const first = queue.run('a', wanted, async () => {
      events.push('first begins');
      await gate.promise;
      events.push('first fails');
      throw new Error('broken');
    });
    const second = queue.run('b', wanted, async () => void events.push('second'));
    gate.settle();
    await expect(first).rejects.toThrow('broken');
    await second;
    expect(events).toEqual(['first begins', 'first fails', 'second']);
  });

  it('takes two of a subject and sixteen in all, and more once one has ended', async () => {
    const queue = createPreviewQueue();
    const gate = deferred();
    const runs = [queue.run('a', wanted, () => gate.promise), queue.run('a', wanted, async () => {})];
    await expect(queue.run('a', wanted, async () => {})).rejects.toMatchObject({ limit: 'filterPreviews', allowed: 2, requested: 3 });
    for (let i = 0; i < 14; i++) runs.push(queue.run(`subject ${i}`, wanted, async () => {}));
    await expect(queue.run('b', wanted, async () => {})).rejects.toMatchObject({ limit: 'filterPreviews', allowed: 16, requested: 17 });
    gate.settle();
    await Promise.all(runs);
    await expect(queue.run('a', wanted, async () => 'done')).resolves.toBe('done');
  });

  it('does not begin what nobody waits for any more', async () => {
    const queue = createPreviewQueue();
    const gate = deferred();
    let isCancelled = false;
    let begun = false;
    const first = queue.run('a', wanted, () => gate.promise);
    const second = queue.run(
      'a',
      () => isCancelled,
      async () => {
        begun = true;
      },
    );
    isCancelled = true;
    gate.settle();
    await first;
    await expect(second).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(begun).toBe(false);
  });
});
