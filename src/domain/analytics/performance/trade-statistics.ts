/** What trades came to, together. NaN: it means nothing. */
export interface TradeStatistics {
  readonly trades: number;
  /** Share with a profit above 0. */
  readonly winShare: number;
  /** Mean profit (+) or loss (-) of a trade, in the unit of the profits. */
  readonly expectancy: number;
  /** Sum of the profits over the sum of the losses; NaN without a loss. */
  readonly profitFactor: number;
  readonly best: number;
  readonly worst: number;
}

/** @param profits of each trade, losses negative; those that are not finite are left out. @returns null without trades */
export function tradeStatistics(profits: readonly number[]): TradeStatistics | null {
  const known = profits.filter(Number.isFinite);
  if (known.length === 0) return null;
  let gains = 0;
  let losses = 0;
  for (const profit of known) {
    if (profit > 0) gains += profit;
    else losses -= profit;
  }
  return {
    trades: known.length,
    winShare: known.filter((profit) => profit > 0).length / known.length,
    expectancy: (gains - losses) / known.length,
    profitFactor: losses > 0 ? gains / losses : Number.NaN,
    best: known.reduce((most, profit) => Math.max(most, profit)),
    worst: known.reduce((least, profit) => Math.min(least, profit)),
  };
}
