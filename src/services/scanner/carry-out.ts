import type { EventLoopSlicer } from './event-loop-slicer.ts';

/** Carries out steps in turns of the event loop: others have theirs as soon as a step ends behind the budget. */
export async function carryOut<T>(steps: Generator<unknown, T>, slicer: EventLoopSlicer): Promise<T> {
  await slicer.turn();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value as T;
    if (slicer.isExhausted()) await slicer.turn();
  }
}
