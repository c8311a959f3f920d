import { mean, sampleStandardDeviation } from 'simple-statistics';

/** Simple returns of consecutive periods, 0.01 = 1 %; NaN: unknown. Results are NaN where they mean nothing. All as empyrical computes them. */
export type PeriodReturns = readonly number[];

const known = (returns: PeriodReturns) => returns.filter(Number.isFinite);

/** What all the returns come to together; an unknown one counts as none. 0.01 = 1 %. */
export function totalReturn(returns: PeriodReturns): number {
  return known(returns).reduce((growth, value) => growth * (1 + value), 1) - 1;
}

/** The compound return per year. @param periodsPerYear 252 for trading days; an unknown return is a period without one */
export function annualReturn(returns: PeriodReturns, periodsPerYear: number): number {
  if (returns.length === 0) return Number.NaN;
  return finite((1 + totalReturn(returns)) ** (periodsPerYear / returns.length) - 1);
}

/** Standard deviation (n - 1) of the returns per year, decimal; NaN with fewer than two. */
export function annualVolatility(returns: PeriodReturns, periodsPerYear: number): number {
  const values = known(returns);
  return values.length < 2 ? Number.NaN : sampleStandardDeviation(values) * Math.sqrt(periodsPerYear);
}

/** The deepest fall from a peak before it, the beginning included: 0 or less, -0.1 = 10 %. */
export function maximumDrawdown(returns: PeriodReturns): number {
  let value = 1;
  let peak = 1;
  let deepest = 0;
  for (const each of known(returns)) {
    value *= 1 + each;
    peak = Math.max(peak, value);
    deepest = Math.min(deepest, value / peak - 1);
  }
  return deepest;
}

/** Mean excess return over its standard deviation (n - 1), per √year (Sharpe 1994). @param riskFree per period */
export function sharpeRatio(returns: PeriodReturns, periodsPerYear: number, riskFree = 0): number {
  const excess = known(returns).map((value) => value - riskFree);
  if (excess.length < 2) return Number.NaN;
  return finite((mean(excess) / sampleStandardDeviation(excess)) * Math.sqrt(periodsPerYear));
}

/** Root mean square of what returns fall short of a required one, over all of them, per √year. @param required per period */
export function downsideRisk(returns: PeriodReturns, periodsPerYear: number, required = 0): number {
  const values = known(returns);
  if (values.length === 0) return Number.NaN;
  return Math.sqrt(mean(values.map((value) => Math.min(0, value - required) ** 2)) * periodsPerYear);
}

/** Mean excess return per year over the downside risk (Sortino & Price 1994). @param required per period */
export function sortinoRatio(returns: PeriodReturns, periodsPerYear: number, required = 0): number {
  const values = known(returns);
  if (values.length < 2) return Number.NaN;
  return finite(((mean(values) - required) * periodsPerYear) / downsideRisk(returns, periodsPerYear, required));
}

/** Annual return over the deepest fall (Young 1991); NaN without one. */
export function calmarRatio(returns: PeriodReturns, periodsPerYear: number): number {
  const deepest = maximumDrawdown(returns);
  return deepest < 0 ? finite(annualReturn(returns, periodsPerYear) / -deepest) : Number.NaN;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}
