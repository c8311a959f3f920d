import type { ChainSnapshot, ExpirationSlice } from '../dist/domain/chain/chain-snapshot.js';
import { CALL, PUT } from '../dist/domain/chain/chain-snapshot.js';
import { black76Price } from '../dist/domain/pricing/black76.js';
import { seededRandom } from './seeded-random.ts';

const DAY_MS = 86_400_000;
const SPOT = 4500;
const STRIKE_STEP = 5;
/** No exchange quotes an option below its tick, so strikes worth less out of the money are not listed here. */
const SMALLEST_PRICE = 0.05;

export interface SyntheticChain {
  readonly snapshot: ChainSnapshot;
  readonly rate: number;
  /** The volatility each row was priced with. */
  readonly volatility: Float64Array;
  /** Model price of each row, the middle of its bid and ask. */
  readonly price: Float64Array;
  /** Years to expiration of each row. */
  readonly yearFraction: Float64Array;
  /** Forward of each row's expiration. */
  readonly forward: Float64Array;
}

/**
 * A chain like that of SPX, the same for the same seed: some 50 expirations from a day to five years, strikes of 5 points as far as options are worth a tick,
 * a skewed smile with a little noise per strike, about `contracts` contracts (never fewer), each quoted symmetrically around its Black-76 price.
 */
export function syntheticChain(seed: number, contracts: number): SyntheticChain {
  const random = seededRandom(seed);
  const rate = 0.045;
  const dividendYield = 0.014;
  const quotedAtMs = Date.UTC(2023, 8, 20, 20, 0);
  const rows: { strike: number; right: 0 | 1; price: number; volatility: number; yearFraction: number; forward: number }[] = [];
  const expirations: ExpirationSlice[] = [];
  for (let index = 0; rows.length < contracts; index++) {
    const days = Math.round(1 + index * 1.5 + 0.0008 * index ** 3.7);
    const yearFraction = days / 365;
    const forward = SPOT * Math.exp((rate - dividendYield) * yearFraction);
    const discountFactor = Math.exp(-rate * yearFraction);
    const strikes: { strike: number; volatility: number; call: number; put: number }[] = [];
    // Farther expirations list wider steps, as on the exchange.
    const step = STRIKE_STEP * Math.max(1, Math.round(Math.sqrt(days / 20)));
    for (let strike = step * Math.ceil(500 / step); strike <= 3 * SPOT; strike += step) {
      const z = Math.log(strike / forward) / Math.sqrt(yearFraction);
      const volatility =
        0.13 + 0.04 * Math.exp(-yearFraction) - 0.18 * Math.tanh(z) * 0.6 + 0.09 * z * z * Math.exp(-Math.abs(z)) + 0.004 * random();
      const call = black76Price(CALL, forward, strike, yearFraction, volatility, discountFactor);
      const put = black76Price(PUT, forward, strike, yearFraction, volatility, discountFactor);
      if (Math.min(call, put) >= SMALLEST_PRICE) strikes.push({ strike, volatility, call, put });
    }
    const start = rows.length;
    for (const { strike, volatility, call } of strikes) rows.push({ strike, right: CALL, price: call, volatility, yearFraction, forward });
    for (const { strike, volatility, put } of strikes) rows.push({ strike, right: PUT, price: put, volatility, yearFraction, forward });
    const expiresAtMs = quotedAtMs + days * DAY_MS;
    const date = new Date(expiresAtMs).toISOString().slice(0, 10);
    expirations.push({
      root: 'SPXW',
      date,
      expiresAtMs,
      start,
      putStart: start + strikes.length,
      end: rows.length,
      vendorForward: Number.NaN,
    });
  }
  const column = (value: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, value);
  const unknown = column(() => Number.NaN);
  const halfSpread = rows.map((row) => Math.min(0.5 * row.price, 0.025 + 0.004 * row.price * (0.5 + random())));
  const price = column((row) => row.price);
  const snapshot: ChainSnapshot = {
    underlying: {
      symbol: 'SPX',
      kind: 'INDEX',
      exerciseStyle: 'EUROPEAN',
      symbology: 'OCC',
      contractMultiplier: 100,
      currency: 'USD',
    },
    underlyingPrice: SPOT,
    quotedAtMs,
    size: rows.length,
    expirations,
    quotes: {
      strike: column((row) => row.strike),
      right: Uint8Array.from(rows, (row) => row.right),
      bid: price.map((value, row) => value - halfSpread[row]!),
      ask: price.map((value, row) => value + halfSpread[row]!),
      bidSize: column(() => 10),
      askSize: column(() => 10),
      last: price.slice(),
      volume: column(() => Math.floor(1000 * random())),
      openInterest: column(() => Math.floor(5000 * random())),
      vendorMark: unknown,
      vendorImpliedVolatility: unknown,
      vendorDelta: unknown,
    },
    drops: [],
  };
  return {
    snapshot,
    rate,
    volatility: column((row) => row.volatility),
    price,
    yearFraction: column((row) => row.yearFraction),
    forward: column((row) => row.forward),
  };
}
