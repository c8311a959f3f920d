import { CALL, PUT } from '../chain/chain-snapshot.ts';
import { black76Price } from './black76.ts';

/**
 * E[max(F_T - strike, 0)] for a lognormal price F_T at expiration with mean `forward`: the undiscounted Black-76 call. Any piecewise-linear payoff is a sum
 * of these, of expectedPutPayoff and of the forward. A strike of 0 or less is always exercised. NaN when an argument is NaN or outside its range
 * (see black76Price).
 */
export function expectedCallPayoff(strike: number, forward: number, yearFraction: number, volatility: number): number {
  if (strike <= 0) return forward > 0 && yearFraction >= 0 && volatility >= 0 ? forward - strike : Number.NaN;
  return black76Price(CALL, forward, strike, yearFraction, volatility, 1);
}

/** E[max(strike - F_T, 0)]; as expectedCallPayoff. A strike of 0 or less is never exercised. */
export function expectedPutPayoff(strike: number, forward: number, yearFraction: number, volatility: number): number {
  if (strike <= 0) return forward > 0 && yearFraction >= 0 && volatility >= 0 ? 0 : Number.NaN;
  return black76Price(PUT, forward, strike, yearFraction, volatility, 1);
}
