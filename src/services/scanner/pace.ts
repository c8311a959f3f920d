import type { EventLoopSlicer } from './event-loop-slicer.ts';

/** For work that is short as a rule: `if (!pace.hasTime()) await pace.turn()` between its steps. It goes on at once while there is time, and in turns of its own from then on. */
export type Pace = Pick<EventLoopSlicer, 'hasTime' | 'turn'>;

export function createPace(slicer: EventLoopSlicer): Pace {
  let hasTime = slicer.hasTime;
  return {
    hasTime: () => hasTime(),
    async turn() {
      await slicer.turn();
      hasTime = () => !slicer.isExhausted();
    },
  };
}
