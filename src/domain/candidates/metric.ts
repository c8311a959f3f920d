/**
 * Every number that describes a candidate. This one list is the room for a new filter field: the candidate columns, the filter criteria, the table
 * columns and the API fields follow it. Values are per unit of the underlying (multiply by the contract multiplier for money per contract);
 * unknown is NaN in columns and null elsewhere. For a position of several legs the values are those of the whole position
 * (long legs +, short legs -), unless the description says otherwise.
 */
export const METRICS = [
  { name: 'underlyingPrice', description: 'Price of the underlying, quote currency per unit.' },
  { name: 'daysToExpiration', description: 'Calendar days from the quote to expiration, fractional.' },
  {
    name: 'moneyness',
    description:
      'Standardised moneyness ln(K/F)/(IV·√T) of the short leg; the nearest to zero of two short legs, or of all legs if none is short.',
  },
  {
    name: 'bid',
    description: 'What the option legs can be sold for together now, quote currency per unit; negative when closing costs money.',
  },
  {
    name: 'ask',
    description: 'What the option legs can be bought for together now, quote currency per unit; negative when opening pays a credit.',
  },
  { name: 'mark', description: 'Middle of that bid and ask, quote currency per unit.' },
  { name: 'spread', description: 'That ask less that bid, quote currency per unit.' },
  { name: 'spreadPercent', description: 'Spread divided by the absolute mark, as a fraction (0.05 = 5 %).' },
  { name: 'volume', description: 'Contracts traded today; the smallest among the option legs.' },
  { name: 'openInterest', description: 'Open contracts; the smallest among the option legs.' },
  {
    name: 'volumeToOpenInterest',
    description: 'Volume divided by open interest, as a fraction; of the leg with the smallest open interest.',
  },
  { name: 'premium', description: 'Sum of the absolute marks of the option legs, quote currency per unit.' },
  {
    name: 'impliedVolatility',
    description: 'Implied volatility as a decimal (0.25 = 25 %); mean of the short legs, or of the legs if none is short.',
  },
  {
    name: 'ivRank',
    description: '100·(IV-min)/(max-min) of 30-day at-the-money volatility over 252 trading days, 0 to 100; null with too little history.',
  },
  {
    name: 'ivPercentile',
    description: 'Share of the last 252 trading days with lower 30-day at-the-money volatility, 0 to 100; null with too little history.',
  },
  { name: 'delta', description: 'Position delta, per 1.00 of the underlying; stock that is held counts 1.' },
  { name: 'shortDelta', description: 'Largest absolute delta among the short option legs, 0 to 1; null without a short leg.' },
  { name: 'gamma', description: 'Position gamma, per 1.00 of the underlying.' },
  { name: 'theta', description: 'Position theta, quote currency per calendar day.' },
  { name: 'vega', description: 'Position vega, quote currency per +1 volatility point.' },
  { name: 'rho', description: 'Position rho, quote currency per +1 % rate.' },
  {
    name: 'netCredit',
    description:
      'Credit received (+) or debit paid (-) when opened at the mark, quote currency per unit; without the stock of a covered call.',
  },
  { name: 'maxProfit', description: 'Greatest profit at expiration, quote currency per unit; null when unlimited.' },
  { name: 'maxLoss', description: 'Greatest loss at expiration as a positive number, quote currency per unit; null when unlimited.' },
  { name: 'breakevenLower', description: 'Lower break-even price of the underlying at expiration; the only one if there is one.' },
  { name: 'breakevenUpper', description: 'Upper break-even price of the underlying at expiration; null if there is only one.' },
  {
    name: 'probabilityOfProfit',
    description:
      'Probability that the profit at expiration is above 0: of ending on the winning side of the break-evens, risk-neutral, lognormal under the implied volatility of the chain at each break-even; 0 to 1.',
  },
  {
    name: 'probabilityInTheMoney',
    description: 'Probability that a short leg, either of two, expires in the money (any leg if none is short); risk-neutral, 0 to 1.',
  },
  {
    name: 'expectedValue',
    description:
      'Mean payoff at expiration under the risk-neutral density, discounted to today, less the cost at the mark; quote currency per unit. The density is that of the smoothed volatility smile of the expiration, so that it is 0 where the marks agree with their neighbours. Stock that is held counts 0. Null with fewer than five strikes.',
  },
  { name: 'returnOnRisk', description: 'Maximum profit divided by maximum loss, as a fraction; null when either is unlimited.' },
  { name: 'annualizedReturn', description: 'Return on risk · 365 / days to expiration, simple, as a fraction.' },
  {
    name: 'expectedMove',
    description: 'One standard deviation of the underlying until expiration, S·IV·√(DTE/365) at the money, quote currency.',
  },
  { name: 'thetaYield', description: 'Theta per calendar day divided by the net credit, as a fraction; null without a credit.' },
  { name: 'score', description: 'Composite score, 0 (poor) to 100 (excellent).' },
] as const satisfies readonly MetricDefinition[];

export interface MetricDefinition {
  readonly name: string;
  /** Meaning and unit, as the API prints it. */
  readonly description: string;
}

export type MetricName = (typeof METRICS)[number]['name'];

/** One value per metric; null: unknown. */
export type MetricValues = Readonly<Record<MetricName, number | null>>;

/** Column number of a metric in a CandidateBatch. */
export const METRIC_INDEX = Object.fromEntries(METRICS.map((metric, index) => [metric.name, index])) as Readonly<
  Record<MetricName, number>
>;
