import type { ExpirationSlice } from '../chain/chain-snapshot.ts';
import type { PricedChain, PricedExpiration } from '../pricing/priced-chain.ts';
import { probabilityBelow } from '../pricing/probability-below.ts';
import { smoothVolatilities } from './smooth-volatilities.ts';

/** Half a tenth of a volatility point: what even a locked quote is uncertain by. */
const SMALLEST_UNCERTAINTY_POINTS = 0.05;

/** The implied volatilities of one expiration by strike. Refilled for each expiration. */
export interface VolatilitySmile {
  readonly nodeCount: number;
  /** Node of each row of the chain that is tradable; by row. */
  readonly nodeOfRow: Int32Array;
  /** Volatility by node as quoted: of the out-of-the-money contract, of the other one where that is not tradable. */
  readonly quoted: Float64Array;
  /** Volatility by node with the noise of the single quotes taken out; NaN when there are too few strikes. See smoothVolatilities. */
  readonly smoothed: Float64Array;
  fill(chain: PricedChain, slice: ExpirationSlice, expiration: PricedExpiration, tradable: Uint8Array): void;
  /** Quoted volatility at a price, linear between the strikes, flat beyond the last ones; NaN without nodes. */
  volatilityAt(price: number): number;
  /** Risk-neutral probability that the underlying ends below a price, lognormal under the volatility quoted at that price; NaN without nodes. */
  probabilityBelow(price: number): number;
}

export function createVolatilitySmile(capacity: number): VolatilitySmile {
  const strikes = new Float64Array(capacity);
  const quoted = new Float64Array(capacity);
  const weights = new Float64Array(capacity);
  const smoothed = new Float64Array(capacity);
  const nodeOfRow = new Int32Array(capacity);
  let count = 0;
  let forward = Number.NaN;
  let yearFraction = Number.NaN;

  /** Weight of a quote: the inverse square of how many volatility points half its spread is worth. */
  function addNode({ snapshot, columns }: PricedChain, strike: number, row: number): void {
    const { bid, ask } = snapshot.quotes;
    const uncertainty = SMALLEST_UNCERTAINTY_POINTS + (0.5 * (ask[row]! - bid[row]!)) / columns.vega[row]!;
    strikes[count] = strike;
    quoted[count] = columns.impliedVolatility[row]!;
    weights[count] = uncertainty > 0 ? 1 / (uncertainty * uncertainty) : 0;
    count++;
  }

  function volatilityAt(price: number): number {
    if (count === 0) return Number.NaN;
    let low = 0;
    let high = count - 1;
    if (price <= strikes[low]!) return quoted[low]!;
    if (price >= strikes[high]!) return quoted[high]!;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (strikes[middle]! <= price) low = middle;
      else high = middle;
    }
    const share = (price - strikes[low]!) / (strikes[high]! - strikes[low]!);
    return quoted[low]! + share * (quoted[high]! - quoted[low]!);
  }

  return {
    get nodeCount() {
      return count;
    },
    nodeOfRow,
    quoted,
    smoothed,
    fill(chain, slice, expiration, tradable) {
      const { strike } = chain.snapshot.quotes;
      count = 0;
      forward = expiration.forward;
      yearFraction = expiration.yearFraction;
      let call = slice.start;
      let put = slice.putStart;
      for (;;) {
        while (call < slice.putStart && tradable[call] === 0) call++;
        while (put < slice.end && tradable[put] === 0) put++;
        const callStrike = call < slice.putStart ? strike[call]! : Number.POSITIVE_INFINITY;
        const putStrike = put < slice.end ? strike[put]! : Number.POSITIVE_INFINITY;
        const next = Math.min(callStrike, putStrike);
        if (next === Number.POSITIVE_INFINITY) break;
        const usesPut = next < forward ? putStrike === next : callStrike !== next;
        const node = count;
        addNode(chain, next, usesPut ? put : call);
        if (callStrike === next) nodeOfRow[call++] = node;
        if (putStrike === next) nodeOfRow[put++] = node;
      }
      smoothVolatilities(strikes, quoted, weights, count, smoothed);
    },
    volatilityAt,
    probabilityBelow: (price) => probabilityBelow(price, forward, yearFraction, volatilityAt(price)),
  };
}
