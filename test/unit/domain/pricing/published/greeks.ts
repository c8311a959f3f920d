import { CALL, PUT } from '../../../../../src/domain/chain/chain-snapshot.ts';

/**
 * Greeks. First group: Haug (1998), pp. 11-16, as in QuantLib's test-suite/europeanoption.cpp (testGreekValues). Second group: Hull, "Options, Futures and
 * Other Derivatives" (7th edition), examples 17.1 to 17.7, with py_vollib's digits (black_scholes/greeks/analytical.py), and Hull's own rounding where the name
 * ends in `_textbook`.
 */
export const GREEKS: readonly (readonly [
  greek: string,
  right: 0 | 1,
  strike: number,
  spot: number,
  dividendYield: number,
  rate: number,
  years: number,
  volatility: number,
  expected: number,
  tolerance: number,
])[] = [
  ['delta', CALL, 100, 105, 0.1, 0.1, 0.5, 0.36, 0.5946, 0.0001],
  ['delta', PUT, 100, 105, 0.1, 0.1, 0.5, 0.36, -0.3566, 0.0001],
  ['elasticity', PUT, 100, 105, 0.1, 0.1, 0.5, 0.36, -4.8775, 0.0001],
  ['gamma', CALL, 60, 55, 0, 0.1, 0.75, 0.3, 0.0278, 0.0001],
  ['gamma', PUT, 60, 55, 0, 0.1, 0.75, 0.3, 0.0278, 0.0001],
  ['vega', CALL, 60, 55, 0, 0.1, 0.75, 0.3, 18.9358, 0.0001],
  ['vega', PUT, 60, 55, 0, 0.1, 0.75, 0.3, 18.9358, 0.0001],
  ['theta_per_year', PUT, 405, 430, 0.05, 0.07, 0.08333333333333333, 0.2, -31.1924, 0.0001],
  ['theta_per_day', PUT, 405, 430, 0.05, 0.07, 0.08333333333333333, 0.2, -0.0855, 0.0001],
  ['rho', CALL, 75, 72, 0, 0.09, 1, 0.19, 38.7325, 0.0001],
  ['dividend_rho', PUT, 490, 500, 0.05, 0.08, 0.25, 0.15, 42.2254, 0.0001],
  ['delta', CALL, 50, 49, 0, 0.05, 0.3846, 0.2, 0.521601633972, 1e-9],
  ['delta_textbook', CALL, 50, 49, 0, 0.05, 0.3846, 0.2, 0.522, 0.0005],
  ['theta_per_year', CALL, 50, 49, 0, 0.05, 0.3846, 0.2, -4.30538996455, 1e-6],
  ['theta_per_year_textbook', CALL, 50, 49, 0, 0.05, 0.3846, 0.2, -4.31, 0.005],
  ['theta_per_year', PUT, 50, 49, 0, 0.05, 0.3846, 0.2, -1.8530056722, 1e-6],
  ['gamma', CALL, 50, 49, 0, 0.05, 0.3846, 0.2, 0.0655453772525, 1e-9],
  ['gamma_textbook', CALL, 50, 49, 0, 0.05, 0.3846, 0.2, 0.066, 0.0005],
  ['vega_per_1pct', CALL, 50, 49, 0, 0.05, 0.3846, 0.2, 0.121052427542, 1e-9],
  ['vega_per_1pct_textbook', CALL, 50, 49, 0, 0.05, 0.3846, 0.2, 0.121, 0.0005],
  ['rho_per_1pct_textbook', CALL, 50, 49, 0, 0.05, 0.3846, 0.2, 0.0891, 0.0005],
];
