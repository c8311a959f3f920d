import type { PricedChain } from '../pricing/priced-chain.ts';
import { deltaSkew } from './delta-skew.ts';

/** What one expiration says of volatility. NaN: unknown. */
export interface TermPoint {
  /** Index into snapshot.expirations. */
  readonly expirationIndex: number;
  /** Calendar days from the quote, fractional. */
  readonly daysToExpiration: number;
  /** Forward price, quote currency. */
  readonly forward: number;
  /** At the forward, decimal. */
  readonly atTheMoneyVolatility: number;
  /** IV(25Δ put) - IV(25Δ call), decimal. */
  readonly skew25Delta: number;
  /** One standard deviation until expiration, F·IV·√(DTE/365), quote currency. */
  readonly expectedMove: number;
}

/** The priced expirations, nearest first. */
export function termStructure(chain: PricedChain): TermPoint[] {
  return chain.expirations.flatMap((expiration, expirationIndex) => {
    if (expiration === null || !(expiration.yearFraction > 0)) return [];
    const { yearFraction, forward, atTheMoneyVolatility } = expiration;
    return {
      expirationIndex,
      daysToExpiration: yearFraction * 365,
      forward,
      atTheMoneyVolatility,
      skew25Delta: deltaSkew(chain, chain.snapshot.expirations[expirationIndex]!),
      expectedMove: forward * atTheMoneyVolatility * Math.sqrt(yearFraction),
    };
  });
}

/**
 * The skew at a constant maturity, linear in time between the expirations around it.
 *
 * @param days calendar days
 * @returns decimal; of the nearest expiration when all lie on one side and it is within half of the maturity; NaN when none is
 */
export function skewAtMaturity(points: readonly TermPoint[], days = 30): number {
  const known = points.filter((point) => Number.isFinite(point.skew25Delta));
  const near = known.findLast((point) => point.daysToExpiration <= days);
  const far = known.find((point) => point.daysToExpiration > days);
  if (near && far) {
    const share = (days - near.daysToExpiration) / (far.daysToExpiration - near.daysToExpiration);
    return near.skew25Delta + share * (far.skew25Delta - near.skew25Delta);
  }
  const only = near ?? far;
  return only && Math.abs(only.daysToExpiration - days) <= days / 2 ? only.skew25Delta : Number.NaN;
}
