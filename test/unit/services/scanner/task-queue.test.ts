import { describe, expect, it } from 'vitest';
import { createSymbolSchedule } from '../../../../src/services/scanner/symbol-schedule.ts';
import { createTaskQueue } from '../../../../src/services/scanner/task-queue.ts';

function aQueue() {
  const schedule = createSymbolSchedule({ minimumIntervalMs: 1_000, longestBackoffMs: 60_000, random: () => 0 });
  return { schedule, queue: createTaskQueue({ schedule }) };
}

const cycleOf = (...symbols: string[]) => symbols.map((symbol) => ({ runId: 'cycle', symbol, notBeforeMs: 0 }));

describe('task queue', () => {
  it('hands out requests before the cycle, each in order', () => {
    const { queue } = aQueue();
    queue.addCycle(cycleOf('A', 'B'));
    queue.addRequest([
      { runId: 'request', symbol: 'C' },
      { runId: 'request', symbol: 'B' },
    ]);
    const order = [1, 2, 3].map(() => queue.next(0)).map((next) => next.kind === 'task' && `${next.task.runId} ${next.task.symbol}`);
    expect(order).toEqual(['request C', 'request B', 'cycle A']);
  });

  it('never hands a symbol out twice at once', () => {
    const { queue } = aQueue();
    queue.addCycle(cycleOf('A'));
    queue.addRequest([{ runId: 'request', symbol: 'A' }]);
    const first = queue.next(0);
    expect(first).toMatchObject({ kind: 'task', task: { runId: 'request' } });
    expect(queue.next(0)).toEqual({ kind: 'empty' });
    if (first.kind === 'task') queue.done(first.task);
    expect(queue.next(0)).toMatchObject({ kind: 'task', task: { runId: 'cycle' } });
  });

  it('tells when the next symbol is due', () => {
    const { queue, schedule } = aQueue();
    schedule.started('A', 500);
    queue.addCycle(cycleOf('A'));
    expect(queue.next(1_499)).toEqual({ kind: 'wait', untilMs: 1_500 });
    expect(queue.next(1_500)).toMatchObject({ kind: 'task' });
  });

  it('starts a symbol of the cycle when it is due and the cycle has got to it', () => {
    const { queue, schedule } = aQueue();
    schedule.started('A', 0);
    queue.addCycle([
      { runId: 'cycle', symbol: 'A', notBeforeMs: 900 },
      { runId: 'cycle', symbol: 'B', notBeforeMs: 1_100 },
    ]);
    expect(queue.next(999)).toEqual({ kind: 'wait', untilMs: 1_000 });
    expect(queue.next(1_000)).toMatchObject({ kind: 'task', task: { symbol: 'A' } });
    expect(queue.next(1_099)).toEqual({ kind: 'wait', untilMs: 1_100 });
    expect(queue.next(1_100)).toMatchObject({ kind: 'task', task: { symbol: 'B' } });
  });

  it('lets a request have a symbol that its cycle has not got to', () => {
    const { queue } = aQueue();
    queue.addCycle([{ runId: 'cycle', symbol: 'A', notBeforeMs: 900 }]);
    queue.addRequest([{ runId: 'request', symbol: 'A' }]);
    expect(queue.next(0)).toMatchObject({ kind: 'task', task: { runId: 'request' } });
  });

  it('lets symbols that are due overtake one that is not', () => {
    const { queue, schedule } = aQueue();
    schedule.started('A', 0);
    queue.addCycle(cycleOf('A', 'B'));
    expect(queue.next(10)).toMatchObject({ kind: 'task', task: { symbol: 'B' } });
  });

  it('forgets the cycle but keeps requests when the scanner stops', () => {
    const { queue } = aQueue();
    queue.addCycle(cycleOf('A'));
    queue.addRequest([{ runId: 'request', symbol: 'B' }]);
    queue.clearCycle();
    expect(queue.next(0)).toMatchObject({ kind: 'task', task: { symbol: 'B' } });
    expect(queue.next(0)).toEqual({ kind: 'empty' });
    expect(queue.isBusy()).toBe(true);
    expect(queue.isBusy('cycle')).toBe(false);
  });
});
