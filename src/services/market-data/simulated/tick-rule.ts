/** Smallest price steps: one below a price, another from it on. In the unit the contract is quoted in (currency, or coin for coins). */
export interface TickRule {
  readonly small: number;
  readonly large: number;
  readonly threshold: number;
}

/** Cboe rule 5.4: index options 0.05 below 3.00, 0.10 from there. */
export const INDEX_TICKS: TickRule = { small: 0.05, large: 0.1, threshold: 3 };
/** Penny Interval Program: 0.01 below 3.00, 0.05 from there; SPY, QQQ and IWM 0.01 throughout. */
export const PENNY_TICKS: TickRule = { small: 0.01, large: 0.05, threshold: 3 };
export const ALWAYS_PENNY_TICKS: TickRule = { small: 0.01, large: 0.01, threshold: Number.POSITIVE_INFINITY };
/** Deribit's BTC and ETH options: 0.0001 coin below 0.005, 0.0005 from there. */
export const COIN_TICKS: TickRule = { small: 0.0001, large: 0.0005, threshold: 0.005 };

export function tickAt(rule: TickRule, price: number): number {
  return price < rule.threshold ? rule.small : rule.large;
}

/** The multiple of the tick nearest to a price ≥ 0, without the noise digits of a floating-point product. */
export function roundToTick(price: number, tick: number): number {
  // Every tick here is a whole number of ten-thousandths.
  return Math.round(Math.round(price / tick) * tick * 10_000) / 10_000;
}
