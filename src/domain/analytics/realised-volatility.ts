import type { PriceBars } from './price-bars.ts';

/**
 * CLOSE_TO_CLOSE: standard deviation of log returns. PARKINSON (1980): from high and low. GARMAN_KLASS (1980): from high, low, open and close. ROGERS_SATCHELL
 * (1991): the same, whatever the drift. YANG_ZHANG (2000): with the jumps between close and open, whatever the drift; least variance of all.
 */
export const VOLATILITY_ESTIMATORS = ['CLOSE_TO_CLOSE', 'PARKINSON', 'GARMAN_KLASS', 'ROGERS_SATCHELL', 'YANG_ZHANG'] as const;
export type VolatilityEstimator = (typeof VOLATILITY_ESTIMATORS)[number];

/** US trading days. */
export const TRADING_DAYS_PER_YEAR = 252;
/** Yang & Zhang (2000), equation 20: the mean variance of a day in their sample, from which the weight that varies least follows. */
const YANG_ZHANG_ALPHA = 1.34;

/**
 * Volatility of the last `periods` bars up to each bar, annualised; as the package TTR computes it.
 *
 * @param periods 2 or more
 * @param periodsPerYear 252 for trading days
 * @returns decimal per √year by bar; NaN where there are too few bars. CLOSE_TO_CLOSE and YANG_ZHANG need one bar more, for the first close before the window
 * @throws RangeError
 */
export function realisedVolatility(
  bars: PriceBars,
  estimator: VolatilityEstimator,
  periods: number,
  periodsPerYear = TRADING_DAYS_PER_YEAR,
): Float64Array {
  if (!Number.isInteger(periods) || periods < 2) throw new RangeError(`expected 2 periods or more, got ${periods}`);
  const variance = varianceOf(bars, estimator, periods);
  return variance.map((perPeriod) => Math.sqrt(perPeriod * periodsPerYear));
}

function varianceOf(bars: PriceBars, estimator: VolatilityEstimator, periods: number): Float64Array {
  switch (estimator) {
    case 'CLOSE_TO_CLOSE':
      return rollingVariance(overnight(bars.close, bars.close), periods);
    case 'PARKINSON':
      return rollingMean(parkinson(bars), periods);
    case 'GARMAN_KLASS':
      return rollingMean(garmanKlass(bars), periods);
    case 'ROGERS_SATCHELL':
      return rollingMean(rogersSatchell(bars), periods);
    case 'YANG_ZHANG': {
      const weight = (YANG_ZHANG_ALPHA - 1) / (YANG_ZHANG_ALPHA + (periods + 1) / (periods - 1));
      const jumps = rollingVariance(overnight(bars.open, bars.close), periods);
      const days = rollingVariance(
        bars.close.map((close, i) => Math.log(close / bars.open[i]!)),
        periods,
      );
      const ranges = rollingMean(rogersSatchell(bars), periods);
      return jumps.map((jump, i) => jump + weight * days[i]! + (1 - weight) * ranges[i]!);
    }
  }
}

/** ln(to of a bar / from of the bar before); NaN for the first. */
function overnight(to: Float64Array, from: Float64Array): Float64Array {
  return to.map((value, i) => (i === 0 ? Number.NaN : Math.log(value / from[i - 1]!)));
}

function parkinson({ high, low }: PriceBars): Float64Array {
  return high.map((value, i) => Math.log(value / low[i]!) ** 2 / (4 * Math.LN2));
}

function garmanKlass({ open, high, low, close }: PriceBars): Float64Array {
  return high.map((value, i) => 0.5 * Math.log(value / low[i]!) ** 2 - (2 * Math.LN2 - 1) * Math.log(close[i]! / open[i]!) ** 2);
}

function rogersSatchell({ open, high, low, close }: PriceBars): Float64Array {
  return high.map((top, i) => {
    const bottom = low[i]!;
    return Math.log(top / close[i]!) * Math.log(top / open[i]!) + Math.log(bottom / close[i]!) * Math.log(bottom / open[i]!);
  });
}

/** Mean of the last values; NaN while there are fewer or one of them is NaN. Each window is summed anew: errors do not pile up, and windows are short. */
function rollingMean(values: Float64Array, periods: number): Float64Array {
  return values.map((_value, end) => {
    let sum = end < periods - 1 ? Number.NaN : 0;
    for (let i = Math.max(0, end - periods + 1); i <= end; i++) sum += values[i]!;
    return sum / periods;
  });
}

/** Sample variance (n - 1) of the last values. */
function rollingVariance(values: Float64Array, periods: number): Float64Array {
  const means = rollingMean(values, periods);
  return means.map((mean, end) => {
    let squares = Number.isNaN(mean) ? Number.NaN : 0;
    for (let i = Math.max(0, end - periods + 1); i <= end; i++) squares += (values[i]! - mean) ** 2;
    return squares / (periods - 1);
  });
}
