import { CALL, type ChainSnapshot, type ExpirationSlice, PUT } from '../../../../src/domain/chain/chain-snapshot.ts';
import type { ExerciseStyle, UnderlyingKind } from '../../../../src/domain/chain/underlying-profile.ts';
import { americanPrice } from '../../../../src/domain/pricing/american-price.ts';
import { bsmPrice } from '../../../../src/domain/pricing/black-scholes-merton.ts';

export const QUOTED_AT_MS = Date.UTC(2023, 8, 20, 20, 0);
const DAY_MS = 86_400_000;

export interface ChainTerms {
  readonly days?: readonly number[];
  readonly strikes?: readonly number[];
  readonly spot?: number;
  readonly rate?: number;
  readonly dividendYield?: number;
  /** Volatility by strike, the same for all expirations. */
  readonly volatility?: (strike: number) => number;
  readonly exerciseStyle?: ExerciseStyle;
  readonly kind?: UnderlyingKind;
  readonly currency?: string;
  /** Half the distance from bid to ask. */
  readonly halfSpread?: number;
  readonly vendorForward?: number;
  /** What the snapshot tells of the underlying's price; default the spot. */
  readonly underlyingPrice?: number;
}

export interface ModelChain {
  readonly snapshot: ChainSnapshot;
  readonly terms: Required<Omit<ChainTerms, 'vendorForward' | 'underlyingPrice'>>;
  /** Forward by expiration. */
  readonly forwards: readonly number[];
  /** Row of a contract. */
  row(expiration: number, right: 0 | 1, strike: number): number;
}

/** A chain whose marks are model prices: every expiration lists every strike as a call and a put. */
export function aChain(overrides: ChainTerms = {}): ModelChain {
  const terms = {
    days: [30],
    strikes: [80, 85, 90, 95, 100, 105, 110, 115, 120],
    spot: 100,
    rate: 0.05,
    dividendYield: 0.02,
    volatility: (strike: number) => 0.2 + 0.5 * Math.log(100 / strike) ** 2 + 0.1 * Math.log(100 / strike),
    exerciseStyle: 'EUROPEAN' as const,
    kind: 'INDEX' as const,
    currency: 'USD',
    halfSpread: 0.05,
    ...overrides,
  };
  const { days, strikes, spot, rate, dividendYield, volatility, halfSpread } = terms;
  const price = terms.exerciseStyle === 'AMERICAN' ? americanPrice : bsmPrice;
  const perSlice = 2 * strikes.length;
  const size = days.length * perSlice;
  const column = () => new Float64Array(size).fill(Number.NaN);
  const quotes = {
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
  const expirations: ExpirationSlice[] = days.map((day, index) => {
    const start = index * perSlice;
    strikes.forEach((strike, i) => {
      for (const right of [CALL, PUT] as const) {
        const row = start + i + (right === CALL ? 0 : strikes.length);
        const mark = price(right, spot, strike, day / 365, volatility(strike), rate, dividendYield);
        quotes.strike[row] = strike;
        quotes.right[row] = right;
        quotes.bid[row] = mark - Math.min(halfSpread, 0.5 * mark);
        quotes.ask[row] = mark + Math.min(halfSpread, 0.5 * mark);
      }
    });
    const expiresAtMs = QUOTED_AT_MS + day * DAY_MS;
    return {
      root: 'TEST',
      date: new Date(expiresAtMs).toISOString().slice(0, 10),
      expiresAtMs,
      start,
      putStart: start + strikes.length,
      end: start + perSlice,
      vendorForward: overrides.vendorForward ?? Number.NaN,
    };
  });
  return {
    snapshot: {
      underlying: {
        symbol: 'TEST',
        kind: terms.kind,
        exerciseStyle: terms.exerciseStyle,
        symbology: 'OCC',
        contractMultiplier: 100,
        currency: terms.currency,
      },
      underlyingPrice: overrides.underlyingPrice ?? spot,
      quotedAtMs: QUOTED_AT_MS,
      size,
      expirations,
      quotes,
      drops: [],
    },
    terms,
    forwards: days.map((day) => spot * Math.exp(((rate - dividendYield) * day) / 365)),
    row(expiration, right, strike) {
      const position = strikes.indexOf(strike);
      if (position < 0) throw new Error(`expected one of the strikes ${strikes.join(', ')}, got ${strike}`);
      return expiration * perSlice + position + (right === CALL ? 0 : strikes.length);
    },
  };
}

/** Takes both sides off the quotes of a row. */
export function withoutQuote({ snapshot }: ModelChain, row: number): void {
  snapshot.quotes.bid[row] = Number.NaN;
  snapshot.quotes.ask[row] = Number.NaN;
}
