import { CALL, PUT } from '../../../domain/chain/chain-snapshot.ts';
import { black76Price } from '../../../domain/pricing/black76.ts';
import { normalCdf } from '../../../domain/pricing/normal-distribution.ts';
import { type Smile, smileVolatility } from './volatility-surface.ts';

/** Everything one expiration is priced with at one moment. */
export interface SliceTerms {
  readonly spot: number;
  readonly forward: number;
  readonly discountFactor: number;
  /** Continuously compounded, per year. */
  readonly rate: number;
  readonly dividendYield: number;
  /** Delta of a forward contract on the price of the underlying; 1 for coins, whose vendors state deltas on the forward. */
  readonly forwardDelta: number;
  readonly smile: Smile;
}

/** Model values by strike of a slice: entry i belongs to strike i. Currency per unit of the underlying. */
export interface SlicePrices {
  readonly capacity: number;
  readonly volatility: Float64Array;
  readonly callPrice: Float64Array;
  readonly putPrice: Float64Array;
  /** European, per 1.00. The put's is less by the forward's. */
  readonly callDelta: Float64Array;
}

export function createSlicePrices(capacity: number): SlicePrices {
  return {
    capacity,
    volatility: new Float64Array(capacity),
    callPrice: new Float64Array(capacity),
    putPrice: new Float64Array(capacity),
    callDelta: new Float64Array(capacity),
  };
}

/**
 * Prices the strikes [first, end) as European options into `prices` from entry 0 on: Black-76 on the smile for the out-of-the-money side, put-call parity for the
 * other.
 */
export function fillSlicePrices(prices: SlicePrices, terms: SliceTerms, strikes: Float64Array, first: number, end: number): void {
  const { forward, discountFactor, forwardDelta, smile } = terms;
  const { yearFraction } = smile;
  const rootTime = Math.sqrt(yearFraction);
  for (let j = first; j < end; j++) {
    const i = j - first;
    const strike = strikes[j]!;
    const logMoneyness = Math.log(strike / forward);
    const volatility = smileVolatility(smile, logMoneyness);
    const deviation = volatility * rootTime;
    const parity = discountFactor * (forward - strike);
    const outer = black76Price(parity > 0 ? PUT : CALL, forward, strike, yearFraction, volatility, discountFactor);
    prices.volatility[i] = volatility;
    prices.callPrice[i] = parity > 0 ? outer + parity : outer;
    prices.putPrice[i] = parity > 0 ? outer : outer - parity;
    prices.callDelta[i] = forwardDelta * normalCdf(0.5 * deviation - logMoneyness / deviation);
  }
}
