import {
  annualReturn,
  annualVolatility,
  calmarRatio,
  maximumDrawdown,
  type PeriodReturns,
  sharpeRatio,
  sortinoRatio,
  totalReturn,
} from '../domain/analytics/performance/return-statistics.ts';
import { knownOrNull } from '../domain/results/known-or-null.ts';
import { builder } from './builder.ts';

/** Daily returns of a price. */
export interface DailyReturns {
  readonly returns: PeriodReturns;
  readonly perYear: number;
  /** Days of the first and the last price, `YYYY-MM-DD`. */
  readonly from: string;
  readonly through: string;
}

export const ReturnStatisticsRef = builder.objectRef<DailyReturns>('ReturnStatistics').implement({
  description:
    'What holding the underlying came to, from the last price of each market day, without dividends; across days that are missing the change counts as that of one day. Null: it means nothing. Figures as empyrical has them.',
  fields: (t) => {
    const figure = (description: string, of: (returns: PeriodReturns, perYear: number) => number) =>
      t.float({ nullable: true, description, resolve: ({ returns, perYear }) => knownOrNull(of(returns, perYear)) });
    return {
      from: t.expose('from', { type: 'Date', description: 'The market day of the first price.' }),
      through: t.expose('through', { type: 'Date', description: 'The market day of the last price.' }),
      days: t.int({ description: 'Daily returns.', resolve: ({ returns }) => returns.length }),
      totalReturn: figure('All of them together, decimal (0.01 = 1 %).', totalReturn),
      annualReturn: figure('Compound, per year (252 market days, of crypto 365), decimal.', annualReturn),
      annualVolatility: figure('Standard deviation (n - 1) per year, decimal.', annualVolatility),
      maximumDrawdown: figure('The deepest fall from a peak, 0 or less (-0.1 = 10 %).', maximumDrawdown),
      sharpeRatio: figure('Mean over standard deviation (n - 1), per √year, above a riskless return of 0.', sharpeRatio),
      sortinoRatio: figure('Mean over downside deviation (over all days), per √year, above a required return of 0.', sortinoRatio),
      calmarRatio: figure('Annual return over the deepest fall; null without one.', calmarRatio),
    };
  },
});
