/** SMA: all alike. EMA: the newest most, weights fall by 2/(n+1) each. WMA: weights fall linearly, n, n-1, … 1. */
export const MOVING_AVERAGE_KINDS = ['SMA', 'EMA', 'WMA'] as const;
export type MovingAverageKind = (typeof MOVING_AVERAGE_KINDS)[number];

/**
 * The average of the last `period` values up to each value. The EMA begins with the mean of the first `period` values, as TA-Lib's does.
 *
 * @param values finite or NaN; a NaN makes unknown what it is part of (of an EMA: it begins anew behind it)
 * @param period 1 or more
 * @returns by value; NaN where there are too few
 * @throws RangeError
 */
export function movingAverage(values: Float64Array, kind: MovingAverageKind, period: number): Float64Array {
  if (!Number.isInteger(period) || period < 1) throw new RangeError(`expected a period of 1 or more, got ${period}`);
  return kind === 'EMA' ? exponential(values, period) : weighted(values, period, kind === 'WMA');
}

function weighted(values: Float64Array, period: number, isLinear: boolean): Float64Array {
  const total = isLinear ? (period * (period + 1)) / 2 : period;
  return values.map((_value, end) => {
    const first = end - period + 1;
    if (first < 0) return Number.NaN;
    let sum = 0;
    for (let i = first; i <= end; i++) sum += values[i]! * (isLinear ? i - first + 1 : 1);
    return sum / total;
  });
}

function exponential(values: Float64Array, period: number): Float64Array {
  const share = 2 / (period + 1);
  let average = Number.NaN;
  let sum = 0;
  let count = 0;
  return values.map((value) => {
    if (Number.isNaN(value)) {
      average = Number.NaN;
      sum = 0;
      count = 0;
    } else if (count < period) {
      sum += value;
      count++;
      if (count === period) average = sum / period;
    } else average += share * (value - average);
    return average;
  });
}
