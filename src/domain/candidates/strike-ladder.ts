import type { PricedChain } from '../pricing/priced-chain.ts';

/** Deltas are told apart in steps of 1/50 = 0.02: five contracts in a window of 0.10, and a bound on the candidates of a dense chain. */
export const DELTA_BUCKETS = 50;

/** The contracts of one right in one expiration that can be traded and valued, in ascending strike. */
export interface StrikeLadder {
  count: number;
  /** Row of the chain, by position in the ladder. */
  readonly row: Int32Array;
  readonly strike: Float64Array;
  /**
   * By bucket of |delta| ([b/50, (b+1)/50)): position of the contract that stands for it, -1 without one. Of several it is the one with the largest open
   * interest, so that the choice stays put while deltas drift; then the one nearest to the middle of the bucket.
   */
  readonly byDelta: Int32Array;
}

export function createStrikeLadder(capacity: number): StrikeLadder {
  return {
    count: 0,
    row: new Int32Array(capacity),
    strike: new Float64Array(capacity),
    byDelta: new Int32Array(DELTA_BUCKETS).fill(-1),
  };
}

/** Empties the ladder and fills it with the tradable rows of [start, end). */
export function fillStrikeLadder(ladder: StrikeLadder, chain: PricedChain, tradable: Uint8Array, start: number, end: number): void {
  const { strike, openInterest } = chain.snapshot.quotes;
  const { delta } = chain.columns;
  ladder.byDelta.fill(-1);
  let count = 0;
  for (let row = start; row < end; row++) {
    if (tradable[row] === 0) continue;
    ladder.row[count] = row;
    ladder.strike[count] = strike[row]!;
    const steps = Math.abs(delta[row]!) * DELTA_BUCKETS;
    const bucket = Math.min(DELTA_BUCKETS - 1, Math.floor(steps));
    const holder = ladder.byDelta[bucket]!;
    if (holder < 0) ladder.byDelta[bucket] = count;
    else {
      const held = ladder.row[holder]!;
      const gain = known(openInterest[row]!) - known(openInterest[held]!);
      const middle = bucket + 0.5;
      const nearer = Math.abs(steps - middle) < Math.abs(Math.abs(delta[held]!) * DELTA_BUCKETS - middle);
      if (gain > 0 || (gain === 0 && nearer)) ladder.byDelta[bucket] = count;
    }
    count++;
  }
  ladder.count = count;
}

/** For comparing only: unknown open interest ranks below none. */
function known(openInterest: number): number {
  return openInterest >= 0 ? openInterest : -1;
}
