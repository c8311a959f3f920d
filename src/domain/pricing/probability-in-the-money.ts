import { CALL } from '../chain/chain-snapshot.ts';
import { probabilityAbove, probabilityBelow } from './probability-below.ts';

/**
 * Risk-neutral probability that an option expires in the money: N(d2) for a call, N(-d2) for a put (Hull, ch. 15).
 *
 * @param right CALL (0) or PUT (1)
 * @param volatility that of the chain at this strike, decimal
 * @returns 0 to 1; NaN when an argument is NaN or outside its range (see probabilityBelow)
 */
export function probabilityInTheMoney(right: 0 | 1, forward: number, strike: number, yearFraction: number, volatility: number): number {
  return right === CALL
    ? probabilityAbove(strike, forward, yearFraction, volatility)
    : probabilityBelow(strike, forward, yearFraction, volatility);
}
