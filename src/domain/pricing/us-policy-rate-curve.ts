import type { RateCurve } from './rate-curve.ts';

/**
 * Effective federal funds rate in percent per year (simple, act/360) from each day on, as it settled after each decision of the Federal Open Market
 * Committee. Source: Federal Reserve Bank of New York, EFFR.
 */
const STEPS: readonly (readonly [date: string, percent: number])[] = [
  ['2008-12-17', 0.15],
  ['2015-12-17', 0.37],
  ['2016-12-15', 0.66],
  ['2017-03-16', 0.91],
  ['2017-06-15', 1.16],
  ['2017-12-14', 1.42],
  ['2018-03-22', 1.68],
  ['2018-06-14', 1.91],
  ['2018-09-27', 2.18],
  ['2018-12-20', 2.4],
  ['2019-08-01', 2.13],
  ['2019-09-19', 1.86],
  ['2019-10-31', 1.57],
  ['2020-03-04', 1.09],
  ['2020-03-16', 0.08],
  ['2022-03-17', 0.33],
  ['2022-05-05', 0.83],
  ['2022-06-16', 1.58],
  ['2022-07-28', 2.33],
  ['2022-09-22', 3.08],
  ['2022-11-03', 3.83],
  ['2022-12-15', 4.33],
  ['2023-02-02', 4.58],
  ['2023-03-23', 4.83],
  ['2023-05-04', 5.08],
  ['2023-07-27', 5.33],
  ['2024-09-19', 4.83],
  ['2024-11-08', 4.58],
  ['2024-12-19', 4.33],
  ['2025-09-18', 4.09],
  ['2025-10-30', 3.87],
  ['2025-12-11', 3.64],
];

const STARTS_MS = STEPS.map(([date]) => Date.parse(date));
const RATES = STEPS.map(([, percent]) => 365 * Math.log1p(percent / 100 / 360));

/**
 * The US overnight rate of the day, for all maturities; before and after the table its first and last value. A replayed recording is so discounted at the
 * rate of its own time. It is a default: near-the-money forwards come from parity, and the volatility of out-of-the-money quotes hardly depends on it.
 */
export const US_POLICY_RATE_CURVE: RateCurve = {
  rateAt(atMs) {
    let index = STARTS_MS.length - 1;
    while (index > 0 && atMs < STARTS_MS[index]!) index--;
    return RATES[index]!;
  },
};
