/** One year of US trading days. */
export const VOLATILITY_HISTORY_DAYS = 252;

/**
 * Two weeks of trading days: with fewer a rank says nothing but chance. Among so few it is still a weak one (a percentile goes in steps of 10, and a year's range is not known from
 * them), so whoever gives it out says of how many days it is.
 */
export const MINIMUM_VOLATILITY_DAYS = 10;

export interface VolatilityRank {
  /** 100·(IV-min)/(max-min) over the days, today included; 0 to 100. NaN: too little history, or all days alike. */
  readonly ivRank: number;
  /** Share of the prior days with IV strictly below today's; 0 to 100. NaN: too little history. */
  readonly ivPercentile: number;
}

const UNKNOWN: VolatilityRank = { ivRank: Number.NaN, ivPercentile: Number.NaN };

/**
 * IV rank and IV percentile as tastytrade defines them.
 * @param prior 30-day at-the-money volatilities of the days before today, decimal; at most the last 252 count.
 * @param today today's value, decimal; NaN when unknown.
 */
export function volatilityRank(prior: readonly number[], today: number): VolatilityRank {
  const days = Math.min(prior.length, VOLATILITY_HISTORY_DAYS);
  if (!Number.isFinite(today) || days < MINIMUM_VOLATILITY_DAYS) return UNKNOWN;
  let lowest = today;
  let highest = today;
  let below = 0;
  for (let index = prior.length - days; index < prior.length; index++) {
    const value = prior[index]!;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
    if (value < today) below++;
  }
  return {
    ivRank: highest > lowest ? (100 * (today - lowest)) / (highest - lowest) : Number.NaN,
    ivPercentile: (100 * below) / days,
  };
}
