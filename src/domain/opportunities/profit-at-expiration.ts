import type { Leg } from '../results/scan-result.ts';

/** What a position cost when it was opened. */
export interface OpenedAt {
  /** Credit received (+) or debit paid (-), quote currency per unit, without the underlying where it is held. */
  readonly netCredit: number;
  /** Price of the underlying then, quote currency per unit. */
  readonly underlyingPrice: number;
}

/**
 * Profit (+) or loss (-) of a position held to expiration, quote currency per unit of the underlying: what its options are worth exercised, what the underlying
 * held in it has gained, and the credit. Without fees and early exercise.
 *
 * @param price of the underlying at expiration
 */
export function profitAtExpiration(legs: readonly Leg[], price: number, { netCredit, underlyingPrice }: OpenedAt): number {
  let profit = netCredit;
  for (const leg of legs) {
    if (leg.kind === 'STOCK') profit += leg.quantity * (price - underlyingPrice);
    else profit += leg.quantity * Math.max(0, leg.right === 'CALL' ? price - leg.strike : leg.strike - price);
  }
  return profit;
}
