import { describe, expect, it } from 'vitest';
import { createEventLoopSlicer } from '../../../../src/services/scanner/event-loop-slicer.ts';

describe('event loop slicer', () => {
  it('lets timers and sockets run between two turns, and grants one computation a turn', async () => {
    let nowMs = 0;
    const slicer = createEventLoopSlicer({ budgetMs: 8, now: () => nowMs });
    const order: string[] = [];
    const compute = async (name: string) => {
      for (let step = 0; step < 3; step++) {
        await slicer.turn();
        order.push(name);
        nowMs += 10;
      }
    };
    const between = async () => {
      for (let i = 0; i < 6; i++) {
        await new Promise((resolve) => setImmediate(resolve));
        order.push('.');
      }
    };
    await Promise.all([compute('a'), compute('b'), between()]);
    // Never two computations without the loop having turned in between.
    expect(order.join('')).not.toMatch(/[ab]{2}/);
    expect(order.filter((entry) => entry === 'a')).toHaveLength(3);
    expect(order.filter((entry) => entry === 'b')).toHaveLength(3);
  });

  it('is exhausted when the budget of the turn is used up', async () => {
    let nowMs = 0;
    const slicer = createEventLoopSlicer({ budgetMs: 8, now: () => nowMs });
    expect(slicer.isExhausted()).toBe(true);
    await slicer.turn();
    nowMs = 7.9;
    expect(slicer.isExhausted()).toBe(false);
    nowMs = 8;
    expect(slicer.isExhausted()).toBe(true);
  });

  it('gives what has not asked for a turn one budget in each turn of the loop', async () => {
    let nowMs = 100;
    const slicer = createEventLoopSlicer({ budgetMs: 8, now: () => nowMs });
    expect(slicer.hasTime()).toBe(true);
    nowMs = 107.9;
    expect(slicer.hasTime()).toBe(true);
    nowMs = 108;
    expect(slicer.hasTime()).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    expect(slicer.hasTime()).toBe(true);
  });

  it('puts a turn off, once, when others have used up their budget', async () => {
    let nowMs = 0;
    const slicer = createEventLoopSlicer({ budgetMs: 8, now: () => nowMs });
    let granted = 0;
    const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
    for (let round = 1; round <= 3; round++) {
      void slicer.turn().then(() => granted++);
      for (const expected of [round - 1, round]) {
        slicer.hasTime();
        nowMs += 8;
        await nextTurn();
        expect(granted).toBe(expected);
      }
    }
    void slicer.turn().then(() => granted++);
    slicer.hasTime();
    nowMs += 7;
    await nextTurn();
    expect(granted).toBe(4);
  });
});
