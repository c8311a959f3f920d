import { createEventLoopSlicer, type EventLoopSlicer } from '../../src/services/scanner/event-loop-slicer.ts';

/** A slicer whose clock goes on by a millisecond with each look at it, and how many turns were asked for. */
export function aCountingSlicer(budgetMs: number): { readonly slicer: EventLoopSlicer; readonly taken: { turns: number } } {
  let nowMs = 0;
  const slicer = createEventLoopSlicer({ budgetMs, now: () => nowMs++ });
  const taken = { turns: 0 };
  const turn = () => {
    taken.turns++;
    return slicer.turn();
  };
  return { taken, slicer: { ...slicer, turn } };
}
