/** A filter twice: as the API takes it, and as SQL that does not come from the product, for checking. */
export interface FollowedFilter {
  readonly name: string;
  readonly variable: Readonly<Record<string, unknown>>;
  readonly where: string;
}

export const FOLLOWED_FILTERS: readonly FollowedFilter[] = [
  { name: 'everything', variable: {}, where: 'true' },
  { name: 'one underlying', variable: { symbols: { in: ['SPX'] } }, where: "symbol = 'SPX'" },
  { name: 'good scores', variable: { score: { min: 60 } }, where: 'score >= 60' },
  {
    name: 'a strategy of three underlyings',
    variable: { symbols: { in: ['SPY', 'QQQ', 'AAPL'] }, strategies: { in: ['BULL_PUT_SPREAD'] } },
    where: "symbol in ('SPY', 'QQQ', 'AAPL') and strategy = 'BULL_PUT_SPREAD'",
  },
  {
    name: 'all but two underlyings, short dated',
    variable: { symbols: { notIn: ['SPX', 'TSLA'] }, daysToExpiration: { max: 30 } },
    where: "symbol not in ('SPX', 'TSLA') and days_to_expiration <= 30",
  },
];
