import { beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../../src/domain/calendar/day-number.ts';
import { CALL, type ChainSnapshot, PUT } from '../../../../../src/domain/chain/chain-snapshot.ts';
import { contractSymbol } from '../../../../../src/domain/chain/contract-symbol.ts';
import { americanPrice } from '../../../../../src/domain/pricing/american-price.ts';
import { black76Price } from '../../../../../src/domain/pricing/black76.ts';
import { flatRateCurve } from '../../../../../src/domain/pricing/rate-curve.ts';
import { aSimulatedFeed, FRIDAY_NOON } from './a-simulated-feed.ts';

const RATE = 0.04;
const YEAR_MS = 365 * DAY_MS;

const clean = aSimulatedFeed({ badQuoteRate: 0, rateCurve: flatRateCurve(RATE) });
let market: ChainSnapshot[];

beforeAll(async () => {
  market = [];
  for (const symbol of await clean.symbols()) market.push(await clean.chain(symbol));
});

function chainOf(symbol: string): ChainSnapshot {
  return market.find(({ underlying }) => underlying.symbol === symbol)!;
}

/** Calls back with the rows of call and put of every strike of every expiration that are quoted on both sides. */
function eachPair(snapshot: ChainSnapshot, visit: (call: number, put: number, years: number) => void): void {
  const { bid, strike } = snapshot.quotes;
  for (const { start, putStart, end, expiresAtMs } of snapshot.expirations) {
    expect(end - putStart).toBe(putStart - start);
    for (let call = start; call < putStart; call++) {
      const put = call + putStart - start;
      expect(strike[put]).toBe(strike[call]);
      if (bid[call]! > 0 && bid[put]! > 0) visit(call, put, (expiresAtMs - snapshot.quotedAtMs) / YEAR_MS);
    }
  }
}

describe('the market', () => {
  it('is of the size of a real one', () => {
    const total = market.reduce((sum, { size }) => sum + size, 0);
    expect(total).toBeGreaterThan(30_000);
    expect(total).toBeLessThan(42_000);
    const sizes = (kinds: string[]): number[] => market.filter(({ underlying }) => kinds.includes(underlying.kind)).map(({ size }) => size);
    expect(Math.min(...sizes(['INDEX']))).toBeGreaterThan(1500);
    expect(Math.max(...sizes(['INDEX']))).toBeLessThan(5000);
    expect(Math.min(...sizes(['ETF', 'EQUITY', 'CRYPTO']))).toBeGreaterThan(300);
    expect(Math.max(...sizes(['EQUITY', 'CRYPTO']))).toBeLessThan(1000);
    expect(Math.min(...market.map(({ expirations }) => expirations.length))).toBeGreaterThanOrEqual(10);
  });

  it('is dated by the clock and drops nothing when no quote is bad', () => {
    for (const { quotedAtMs, drops, expirations } of market) {
      expect(quotedAtMs).toBe(FRIDAY_NOON);
      expect(drops).toEqual([]);
      for (const { expiresAtMs } of expirations) expect(expiresAtMs).toBeGreaterThan(FRIDAY_NOON);
    }
  });

  it('has numbers or NaN in every column, quotes in order, two-sided or without a bid', () => {
    for (const { quotes, size } of market) {
      for (const column of Object.values(quotes)) {
        if (!(column instanceof Float64Array)) continue;
        expect(column).toHaveLength(size);
        expect(column.every((value) => Number.isFinite(value) || Number.isNaN(value))).toBe(true);
      }
      const { bid, ask, bidSize, askSize } = quotes;
      expect(ask.every((price, row) => price > 0 && askSize[row]! > 0 && !(bid[row]! >= price || bid[row]! <= 0))).toBe(true);
      expect(bid.every((price, row) => price > 0 === bidSize[row]! > 0)).toBe(true);
      for (const counts of [bidSize, askSize, quotes.volume, quotes.openInterest]) expect(counts.every(Number.isSafeInteger)).toBe(true);
    }
  });

  it('quotes in whole ticks', () => {
    const isMultiple = (price: number, tick: number): boolean => Math.abs(price / tick - Math.round(price / tick)) < 1e-6;
    for (const [symbol, small, large] of [
      ['SPX', 0.05, 0.1],
      ['AAPL', 0.01, 0.05],
      ['SPY', 0.01, 0.01],
    ] as const) {
      const { bid, ask } = chainOf(symbol).quotes;
      expect([...bid, ...ask].filter((price) => price > 0 && !isMultiple(price, small))).toEqual([]);
      expect([...bid, ...ask].filter((price) => price > 4 && !isMultiple(price, large))).toEqual([]);
    }
  });

  it('keeps put-call parity of European options within the spreads', () => {
    let pairs = 0;
    const violations: string[] = [];
    for (const snapshot of market.filter(({ underlying }) => underlying.kind === 'INDEX')) {
      const { bid, ask, strike } = snapshot.quotes;
      eachPair(snapshot, (call, put, years) => {
        const forward = snapshot.underlyingPrice * Math.exp((RATE - 0.013) * years);
        const parity = Math.exp(-RATE * years) * (forward - strike[call]!);
        const halfTicks = 0.11;
        pairs++;
        if (bid[call]! - ask[put]! > parity + halfTicks || ask[call]! - bid[put]! < parity - halfTicks)
          violations.push(contractSymbol(snapshot, call));
      });
    }
    expect(violations).toEqual([]);
    expect(pairs).toBeGreaterThan(3000);
  });

  it('keeps American calls and puts within their bounds: S·e^(-qT) - K ≤ C - P ≤ S - K·e^(-rT)', () => {
    let pairs = 0;
    const violations: string[] = [];
    for (const snapshot of market.filter(({ underlying }) => underlying.exerciseStyle === 'AMERICAN')) {
      const { bid, ask, strike } = snapshot.quotes;
      const spot = snapshot.underlyingPrice;
      eachPair(snapshot, (call, put, years) => {
        // No underlying of the list pays more than 4.5 % a year.
        const least = spot * Math.exp(-0.045 * years) - strike[call]! - 0.06;
        const most = spot - strike[call]! * Math.exp(-RATE * years) + 0.06;
        pairs++;
        if (ask[call]! - bid[put]! < least || bid[call]! - ask[put]! > most) violations.push(contractSymbol(snapshot, call));
      });
    }
    expect(violations).toEqual([]);
    expect(pairs).toBeGreaterThan(8000);
  });

  it('prices the right to exercise American options early', () => {
    const { quotes, expirations, underlyingPrice: spot, quotedAtMs } = chainOf('AAPL');
    let premiums = 0;
    for (const { putStart, end, expiresAtMs } of expirations) {
      const years = (expiresAtMs - quotedAtMs) / YEAR_MS;
      const forward = spot * Math.exp((RATE - 0.005) * years);
      for (let row = putStart; row < end; row++) {
        const [strike, volatility, mark] = [quotes.strike[row]!, quotes.vendorImpliedVolatility[row]!, quotes.vendorMark[row]!];
        if (!(mark > 0.05)) continue;
        const american = americanPrice(PUT, spot, strike, years, volatility, RATE, 0.005);
        // The premium is worked out at a rounded market, the vendor's volatility is rounded to 0.0001.
        expect(Math.abs(mark - american)).toBeLessThan(0.02 + 0.002 * american);
        if (mark > 0.5 + black76Price(PUT, forward, strike, years, volatility, Math.exp(-RATE * years))) premiums++;
      }
    }
    expect(premiums).toBeGreaterThan(20);
  });

  it('sells no vertical spread for less than nothing or more than its width', () => {
    const violations: string[] = [];
    for (const snapshot of market) {
      const { bid, ask, strike } = snapshot.quotes;
      for (const { start, putStart, end } of snapshot.expirations) {
        for (let row = start + 1; row < end; row++) {
          if (row === putStart) continue;
          const [dear, cheap] = row < putStart ? [row - 1, row] : [row, row - 1];
          const width = strike[row]! - strike[row - 1]!;
          // A side that is not quoted is NaN, and cannot be traded against.
          if (bid[cheap]! - ask[dear]! > 1e-9 || bid[dear]! - ask[cheap]! > width + 1e-9) violations.push(contractSymbol(snapshot, row));
        }
      }
    }
    expect(violations).toEqual([]);
  });

  it('quotes tighter where more is traded: near the money against the wings, SPY against SPX, monthly against weekly index options', () => {
    const relativeSpread = (symbol: string, root: string, from: number, to: number, date?: string): number => {
      const { quotes, expirations, quotedAtMs } = chainOf(symbol);
      const spreads: number[] = [];
      for (const slice of expirations) {
        const days = (slice.expiresAtMs - quotedAtMs) / DAY_MS;
        if (slice.root !== root || days < 12 || days > 60 || slice.date !== (date ?? slice.date)) continue;
        for (let row = slice.putStart; row < slice.end; row++) {
          const delta = Math.abs(quotes.vendorDelta[row]!);
          if (delta >= from && delta < to)
            spreads.push((2 * (quotes.ask[row]! - quotes.bid[row]!)) / (quotes.ask[row]! + quotes.bid[row]!));
        }
      }
      return spreads.toSorted((a, b) => a - b)[spreads.length >> 1]!;
    };
    expect(relativeSpread('RUT', 'RUT', 0.05, 0.15)).toBeGreaterThan(2 * relativeSpread('RUT', 'RUT', 0.4, 0.6));
    expect(relativeSpread('SPX', 'SPX', 0.4, 0.6)).toBeGreaterThan(1.5 * relativeSpread('SPY', 'SPY', 0.4, 0.6));
    expect(relativeSpread('SPX', 'SPXW', 0.3, 0.5, '2026-12-18')).toBeGreaterThan(
      1.2 * relativeSpread('SPX', 'SPX', 0.3, 0.5, '2026-12-18'),
    );
    // What RUT's 30-day puts had on 2023-09-20: 1.9 % at the money, 3.2 % at a delta of 0.10 to 0.20.
    expect(relativeSpread('RUT', 'RUT', 0.4, 0.6)).toBeGreaterThan(0.01);
    expect(relativeSpread('RUT', 'RUT', 0.4, 0.6)).toBeLessThan(0.03);
  });

  it('has lower strikes of an index at higher volatilities', () => {
    const { quotes, expirations, underlyingPrice } = chainOf('SPX');
    const slice = expirations.find(({ expiresAtMs }) => expiresAtMs > FRIDAY_NOON + 25 * DAY_MS)!;
    const volatilityAt = (moneyness: number): number => {
      let row = slice.putStart;
      while (quotes.strike[row]! < moneyness * underlyingPrice) row++;
      return quotes.vendorImpliedVolatility[row]!;
    };
    expect(volatilityAt(0.9)).toBeGreaterThan(volatilityAt(1) + 0.04);
    expect(volatilityAt(0.9)).toBeLessThan(volatilityAt(1) + 0.2);
  });

  it('has SPY at a tenth of SPX, at the same volatility', () => {
    expect(chainOf('SPX').underlyingPrice / chainOf('SPY').underlyingPrice).toBeCloseTo(10, 2);
  });

  it('quotes coins as Deribit does: in the coin, with the forward, at the mark Black-76 gives without interest', () => {
    const { quotes, expirations, underlyingPrice, quotedAtMs, size } = chainOf('BTC');
    const original = quotes.original!;
    expect(original.currency).toBe('BTC');
    let quoted = 0;
    for (const { vendorForward, start, end, expiresAtMs } of expirations) {
      expect(vendorForward).toBeGreaterThan(underlyingPrice);
      for (let row = start; row < end; row++) {
        const volatility = quotes.vendorImpliedVolatility[row]!;
        if (Number.isNaN(volatility)) continue;
        const years = (expiresAtMs - quotedAtMs) / YEAR_MS;
        const right = quotes.right[row] === CALL ? 0 : 1;
        const mark = black76Price(right, vendorForward, quotes.strike[row]!, years, volatility, 1) / vendorForward;
        expect(Math.abs(original.mark[row]! - mark)).toBeLessThan(2e-4);
        expect(original.ask[row]! * vendorForward).toBeCloseTo(quotes.ask[row]!, 6);
        quoted++;
      }
    }
    expect(quoted).toBeGreaterThan(0.8 * size);
    const deltas = expirations.flatMap(({ start, putStart }) =>
      Array.from({ length: putStart - start }, (_, i) => quotes.vendorDelta[start + i]! - quotes.vendorDelta[putStart + i]!),
    );
    // Deltas are on the forward: call and put add up to one of it.
    expect(deltas.every((sum) => Number.isNaN(sum) || Math.abs(sum - 1) < 2e-4)).toBe(true);
    expect(contractSymbol(chainOf('BTC'), 0)).toMatch(/^BTC-21NOV26-\d+-C$/);
  });
});

describe('through time', () => {
  it('volume grows through the day while open interest and contracts stay', async () => {
    const day = Math.floor(FRIDAY_NOON / DAY_MS) * DAY_MS;
    const moments = [0, 6, 14, 17, 20].map((hour) => day + hour * 3_600_000);
    const chains: ChainSnapshot[] = [];
    for (const moment of moments) chains.push(await clean.chain('NVDA', moment));
    for (const [i, chain] of chains.entries()) {
      const before = chains[i - 1];
      if (!before) continue;
      expect(chain.quotes.strike).toEqual(before.quotes.strike);
      expect(chain.quotes.openInterest).toEqual(before.quotes.openInterest);
      expect(chain.quotes.volume.every((volume, row) => volume >= before.quotes.volume[row]!)).toBe(true);
      expect(total(chain.quotes.volume)).toBeGreaterThan(total(before.quotes.volume));
    }
  });

  it('quotes follow the price from second to second', async () => {
    const [now, next] = [await clean.chain('SPX'), await clean.chain('SPX', FRIDAY_NOON + 2000)];
    expect(next.underlyingPrice).not.toBe(now.underlyingPrice);
    const changed = next.quotes.bid.filter((bid, row) => bid !== now.quotes.bid[row]).length;
    expect(changed / next.size).toBeGreaterThan(0.1);
  });

  it('contracts stay listed from one day to the next', async () => {
    const [today, tomorrow] = [await clean.chain('AAPL'), await clean.chain('AAPL', FRIDAY_NOON + 3 * DAY_MS)];
    const names = (chain: ChainSnapshot): string[] => Array.from({ length: chain.size }, (_, row) => contractSymbol(chain, row));
    const listed = new Set(names(tomorrow));
    const alive = names(today).filter((name) => !name.startsWith('AAPL261120'));
    expect(alive.filter((name) => listed.has(name)).length / alive.length).toBeGreaterThan(0.85);
  });

  it('an expiration leaves with its moment: on a Friday after the close its contracts are gone', async () => {
    const dates = async (atMs: number): Promise<string[]> => (await clean.chain('AAPL', atMs)).expirations.map(({ date }) => date);
    const close = Date.UTC(2026, 10, 20, 21);
    expect(await dates(close - 60_000)).toContain('2026-11-20');
    expect(await dates(close)).not.toContain('2026-11-20');
  });

  it.each([2027, 2033, 2050])('is sane in %i, after any number of steps', async (year) => {
    const { chain, symbols } = aSimulatedFeed({ badQuoteRate: 0, underlyings: 9 });
    for (const symbol of await symbols()) {
      const { quotes, expirations, underlyingPrice, size } = await chain(symbol, Date.UTC(year, 5, 15, 15));
      const reference = chainOf(symbol).underlyingPrice;
      expect(underlyingPrice / reference).toBeGreaterThan(0.2);
      expect(underlyingPrice / reference).toBeLessThan(5);
      expect(size).toBeGreaterThan(300);
      const month = expirations.find(({ expiresAtMs }) => expiresAtMs > Date.UTC(year, 6, 1))!;
      const middle = (month.start + month.putStart) >> 1;
      expect(quotes.vendorImpliedVolatility[middle]).toBeGreaterThan(0.05);
      expect(quotes.vendorImpliedVolatility[middle]).toBeLessThan(2);
    }
  });
});

function total(column: Float64Array): number {
  return column.reduce((sum, value) => sum + value, 0);
}
