import { CALL, type ChainSnapshot, type ExpirationSlice, PUT, type QuoteColumns } from '../../../../src/domain/chain/chain-snapshot.ts';
import type { UnderlyingProfile } from '../../../../src/domain/chain/underlying-profile.ts';
import { black76Price } from '../../../../src/domain/pricing/black76.ts';
import { black76Greeks } from '../../../../src/domain/pricing/black76-greeks.ts';
import type { PricedChain, PricedColumns, PricedExpiration } from '../../../../src/domain/pricing/priced-chain.ts';

const DAY_MS = 86_400_000;

export interface ExpirationOptions {
  /** From the quote to expiration. */
  readonly days: number;
  readonly strikes: readonly number[];
  /** Volatility by strike, decimal; default 0.20 everywhere. */
  readonly smile?: (strike: number) => number;
  readonly forward?: number;
  /** Ask less bid of every contract; default 0.10. */
  readonly spread?: number;
  readonly volume?: number;
  readonly openInterest?: number;
}

export interface PricedChainOptions {
  readonly underlying?: Partial<UnderlyingProfile>;
  readonly underlyingPrice?: number;
  readonly quotedAtMs?: number;
  readonly rate?: number;
  readonly expirations?: readonly ExpirationOptions[];
}

/** Strikes from `from` to `to`, both included. */
export function strikesFrom(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.round((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** A chain whose marks are the Black-76 prices of a known smile. The columns may be written to by the test. */
export function aPricedChain(options: PricedChainOptions = {}): PricedChain {
  const { underlyingPrice = 100, quotedAtMs = Date.UTC(2024, 0, 2, 15), rate = 0.04 } = options;
  const expirations = options.expirations ?? [{ days: 30, strikes: strikesFrom(70, 130, 1) }];
  const size = expirations.reduce((sum, { strikes }) => sum + 2 * strikes.length, 0);
  const column = () => new Float64Array(size).fill(Number.NaN);
  const quotes: QuoteColumns = {
    strike: column(),
    right: new Uint8Array(size),
    bid: column(),
    ask: column(),
    bidSize: column(),
    askSize: column(),
    last: column(),
    volume: column(),
    openInterest: column(),
    vendorMark: column(),
    vendorImpliedVolatility: column(),
    vendorDelta: column(),
  };
  const columns: PricedColumns = {
    mark: column(),
    impliedVolatility: column(),
    delta: column(),
    gamma: column(),
    vega: column(),
    theta: column(),
    rho: column(),
  };
  const slices: ExpirationSlice[] = [];
  const priced: PricedExpiration[] = [];
  let row = 0;
  for (const terms of expirations) {
    const { days, strikes, smile = () => 0.2, spread = 0.1, volume = 200, openInterest = 1_000 } = terms;
    const yearFraction = days / 365;
    const forward = terms.forward ?? underlyingPrice * Math.exp(rate * yearFraction);
    const expiresAtMs = quotedAtMs + days * DAY_MS;
    const start = row;
    for (const right of [CALL, PUT] as const) {
      for (const strike of strikes) {
        const volatility = smile(strike);
        const mark = black76Price(right, forward, strike, yearFraction, volatility, Math.exp(-rate * yearFraction));
        const greeks = black76Greeks(right, forward, strike, yearFraction, volatility, rate);
        quotes.strike[row] = strike;
        quotes.right[row] = right;
        quotes.bid[row] = mark - spread / 2;
        quotes.ask[row] = mark + spread / 2;
        quotes.volume[row] = volume;
        quotes.openInterest[row] = openInterest;
        columns.mark[row] = mark;
        columns.impliedVolatility[row] = volatility;
        columns.delta[row] = greeks.delta;
        columns.gamma[row] = greeks.gamma;
        columns.vega[row] = greeks.vega;
        columns.theta[row] = greeks.theta;
        columns.rho[row] = greeks.rho;
        row++;
      }
    }
    slices.push({
      root: options.underlying?.symbol ?? 'TEST',
      date: new Date(expiresAtMs).toISOString().slice(0, 10),
      expiresAtMs,
      start,
      putStart: start + strikes.length,
      end: row,
      vendorForward: Number.NaN,
    });
    priced.push({ yearFraction, forward, forwardSource: 'PARITY', rate, atTheMoneyVolatility: smile(forward) });
  }
  const snapshot: ChainSnapshot = {
    underlying: {
      symbol: 'TEST',
      kind: 'INDEX',
      exerciseStyle: 'EUROPEAN',
      symbology: 'OCC',
      contractMultiplier: 100,
      currency: 'USD',
      ...options.underlying,
    },
    underlyingPrice,
    quotedAtMs,
    size,
    expirations: slices,
    quotes,
    drops: [],
  };
  return { snapshot, columns, expirations: priced };
}

/** Sets the quotes of one contract and its mark, leaving the model values alone. */
export function quote(chain: PricedChain, right: 'CALL' | 'PUT', strike: number, bid: number, ask: number): void {
  const row = rowOf(chain, right, strike);
  chain.snapshot.quotes.bid[row] = bid;
  chain.snapshot.quotes.ask[row] = ask;
  chain.columns.mark[row] = (bid + ask) / 2;
}

/** Row of a contract of the first expiration. */
export function rowOf(chain: PricedChain, right: 'CALL' | 'PUT', strike: number): number {
  const { start, putStart, end } = chain.snapshot.expirations[0]!;
  const [from, to] = right === 'CALL' ? [start, putStart] : [putStart, end];
  for (let row = from; row < to; row++) if (chain.snapshot.quotes.strike[row] === strike) return row;
  throw new Error(`expected a ${right} with strike ${strike}`);
}
