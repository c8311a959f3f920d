import { CALL, PUT } from '../../../../../src/domain/chain/chain-snapshot.ts';

/** Black-76 prices: Hull (7th edition), examples 16.7 (p. 343: 44.19) and 16.6 (p. 338: 1.12), with py_vollib's digits (ref_python/black). */
export const BLACK76_PRICES: readonly (readonly [
  right: 0 | 1,
  forward: number,
  strike: number,
  rate: number,
  years: number,
  volatility: number,
  price: number,
  tolerance: number,
])[] = [
  [CALL, 620, 600, 0.05, 0.5, 0.2, 44.1868533121, 1e-8],
  [PUT, 20, 20, 0.09, 0.3333333333333333, 0.25, 1.11664145656, 1e-8],
];
