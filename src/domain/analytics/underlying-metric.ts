/**
 * Every number that describes an underlying at one moment, made from its chain. This one list is the room for a new one: history, rollups, alert rules and API
 * fields follow it. Unknown is null.
 */
export const UNDERLYING_METRICS = [
  { name: 'price', description: 'Price of the underlying, in its currency per unit.' },
  { name: 'impliedVolatility30d', description: '30-day constant-maturity at-the-money implied volatility, decimal (0.25 = 25 %).' },
  { name: 'impliedVolatility60d', description: '60-day constant-maturity at-the-money implied volatility, decimal (0.25 = 25 %).' },
  { name: 'termSlope', description: 'Implied volatility at 60 days less that at 30 days, decimal; negative: backwardation.' },
  { name: 'skew25Delta', description: 'Implied volatility of the 25-delta put less that of the 25-delta call at 30 days, decimal.' },
  { name: 'ivRank', description: '100·(IV-min)/(max-min) of 30-day volatility over 252 trading days, 0 to 100.' },
  { name: 'ivPercentile', description: 'Share of the last 252 trading days with lower 30-day volatility, 0 to 100.' },
  { name: 'expectedMove30d', description: 'One standard deviation of the underlying over 30 days, S·IV·√(30/365), quote currency.' },
  { name: 'volume', description: 'Option contracts traded today, calls and puts.' },
  { name: 'openInterest', description: 'Open option contracts, calls and puts.' },
  { name: 'putCallVolumeRatio', description: 'Put volume divided by call volume, today.' },
  { name: 'putCallOpenInterestRatio', description: 'Open puts divided by open calls.' },
  { name: 'gammaExposure', description: 'Σ gamma · open interest · multiplier · S² · 0.01, calls +, puts -: quote currency per 1 % move.' },
] as const satisfies readonly { readonly name: string; readonly description: string }[];

export type UnderlyingMetricName = (typeof UNDERLYING_METRICS)[number]['name'];

/** One value per metric; null: unknown. */
export type UnderlyingMetricValues = Readonly<Record<UnderlyingMetricName, number | null>>;
