import { DELTA_BUCKETS } from '../candidates/strike-ladder.ts';

/** The buckets of |delta| that a leg is chosen from: [from, end). A ladder holds at most one contract per bucket. */
export interface DeltaWindow {
  readonly from: number;
  readonly end: number;
  /** The most contracts the window can hold. */
  readonly size: number;
}

/** |delta| from `lowest` up to, not including, `highest`; both on a multiple of 1/DELTA_BUCKETS = 0.02. */
export function deltaWindow(lowest: number, highest: number): DeltaWindow {
  const from = Math.round(lowest * DELTA_BUCKETS);
  const end = Math.round(highest * DELTA_BUCKETS);
  return { from, end, size: end - from };
}
