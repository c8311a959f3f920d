import type { ExpirationSlice, QuoteColumns } from '../chain/chain-snapshot.ts';
import { medianOf } from './median.ts';

/** Pairs taken on each side of the money: enough to average the noise of quotes away, few enough that wide in-the-money quotes stay out. */
const PAIRS_PER_SIDE = 6;

/** Call and put of one strike, both quoted on both sides, near the money; in ascending strike. */
export interface ParityPairs {
  size: number;
  readonly strike: Float64Array;
  readonly callMark: Float64Array;
  readonly putMark: Float64Array;
  /** Half the call's spread plus half the put's: how far off the difference of the marks may be. */
  readonly halfSpread: Float64Array;
}

/**
 * Returns a function that finds the near-the-money pairs of a slice. Its result is one object that every call fills anew.
 * The money is where the median of all pairs' parity forwards says: a few bad quotes do not move it.
 */
export function createParityPairFinder(): (quotes: QuoteColumns, slice: ExpirationSlice, discountFactor: number) => ParityPairs {
  const capacity = 2 * PAIRS_PER_SIDE;
  const pairs: ParityPairs = {
    size: 0,
    strike: new Float64Array(capacity),
    callMark: new Float64Array(capacity),
    putMark: new Float64Array(capacity),
    halfSpread: new Float64Array(capacity),
  };
  let callRows = new Int32Array(512);
  let putRows = new Int32Array(512);
  let forwards = new Float64Array(512);

  function findAll({ strike, bid, ask }: QuoteColumns, slice: ExpirationSlice, discountFactor: number): number {
    const most = Math.min(slice.putStart - slice.start, slice.end - slice.putStart);
    if (callRows.length < most) {
      callRows = new Int32Array(2 * most);
      putRows = new Int32Array(2 * most);
      forwards = new Float64Array(2 * most);
    }
    let count = 0;
    let put = slice.putStart;
    for (let call = slice.start; call < slice.putStart; call++) {
      const k = strike[call]!;
      while (put < slice.end && strike[put]! < k) put++;
      if (put === slice.end) break;
      if (strike[put]! !== k) continue;
      if (!(bid[call]! > 0 && ask[call]! >= bid[call]! && bid[put]! > 0 && ask[put]! >= bid[put]!)) continue;
      callRows[count] = call;
      putRows[count] = put;
      forwards[count] = k + (bid[call]! + ask[call]! - bid[put]! - ask[put]!) / (2 * discountFactor);
      count++;
    }
    return count;
  }

  return (quotes, slice, discountFactor) => {
    const { strike, bid, ask } = quotes;
    const count = findAll(quotes, slice, discountFactor);
    const money = medianOf(forwards, count);
    let above = 0;
    while (above < count && strike[callRows[above]!]! <= money) above++;
    const first = Math.max(0, above - PAIRS_PER_SIDE);
    const end = Math.min(count, above + PAIRS_PER_SIDE);
    pairs.size = end - first;
    for (let index = first; index < end; index++) {
      const call = callRows[index]!;
      const put = putRows[index]!;
      const to = index - first;
      pairs.strike[to] = strike[call]!;
      pairs.callMark[to] = 0.5 * (bid[call]! + ask[call]!);
      pairs.putMark[to] = 0.5 * (bid[put]! + ask[put]!);
      pairs.halfSpread[to] = 0.5 * (ask[call]! - bid[call]! + ask[put]! - bid[put]!);
    }
    return pairs;
  };
}
