import type { PricedChain } from './priced-chain.ts';

const DAYS_PER_YEAR = 365;
/** An expiration nearer than this (days) says more about the event of the day than about volatility to come. */
const SHORTEST_DAYS = 2;
/** The far side of the bracket may be at most this many times the maturity asked for. */
const LONGEST_MULTIPLE = 4;
/** An expiration within this share of the maturity stands alone when the other side of the bracket is missing. */
const NEAR_ENOUGH = 0.1;

/**
 * At-the-money volatility of a chain at a constant maturity: total variance σ²T interpolated linearly in time between the nearest priced expirations on
 * both sides (as in the Cboe VIX method). Of expirations at the same moment the first one counts.
 *
 * @param days maturity in calendar days; 30 is what IV rank is made of
 * @returns decimal per √year; NaN when no priced expirations bracket the maturity: none nearer (but at least 2 days) or none farther (but at
 * most 4 times the maturity), unless one lies within 10 % of it
 */
export function constantMaturityVolatility(chain: PricedChain, days = 30): number {
  const target = days / DAYS_PER_YEAR;
  let nearTime = Number.NaN;
  let nearVolatility = Number.NaN;
  let farTime = Number.NaN;
  let farVolatility = Number.NaN;
  for (const expiration of chain.expirations) {
    if (expiration === null || !(expiration.atTheMoneyVolatility > 0)) continue;
    const { yearFraction, atTheMoneyVolatility } = expiration;
    if (yearFraction <= target) {
      if (yearFraction * DAYS_PER_YEAR < SHORTEST_DAYS || yearFraction <= nearTime) continue;
      nearTime = yearFraction;
      nearVolatility = atTheMoneyVolatility;
    } else {
      if (yearFraction > LONGEST_MULTIPLE * target || yearFraction >= farTime) continue;
      farTime = yearFraction;
      farVolatility = atTheMoneyVolatility;
    }
  }
  if (nearTime === target) return nearVolatility;
  if (nearTime > 0 && farTime > 0) {
    const share = (target - nearTime) / (farTime - nearTime);
    const variance = (1 - share) * nearVolatility * nearVolatility * nearTime + share * farVolatility * farVolatility * farTime;
    return Math.sqrt(variance / target);
  }
  if (target - nearTime <= NEAR_ENOUGH * target) return nearVolatility;
  if (farTime - target <= NEAR_ENOUGH * target) return farVolatility;
  return Number.NaN;
}
