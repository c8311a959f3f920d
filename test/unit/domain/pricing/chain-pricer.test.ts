import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CALL, PUT } from '../../../../src/domain/chain/chain-snapshot.ts';
import { bsmGreeks } from '../../../../src/domain/pricing/black-scholes-merton.ts';
import { black76Greeks } from '../../../../src/domain/pricing/black76-greeks.ts';
import { createChainPricer } from '../../../../src/domain/pricing/chain-pricer.ts';
import { flatRateCurve } from '../../../../src/domain/pricing/rate-curve.ts';
import { aChain, type ChainTerms, QUOTED_AT_MS, withoutQuote } from './a-chain.ts';

const pricerAt = (rate: number, dividendYield = 0) =>
  createChainPricer({ rateCurve: () => flatRateCurve(rate), dividendYield: () => dividendYield });

describe('a priced chain', () => {
  test('has the volatility, mark and greeks of every contract', () => {
    const chain = aChain({ days: [20, 30, 400] });
    const { rate, dividendYield, spot, strikes, days, volatility } = chain.terms;
    const { columns, expirations } = pricerAt(rate).price(chain.snapshot);
    for (const [expiration, day] of days.entries()) {
      expect(expirations[expiration]).toMatchObject({ forwardSource: 'PARITY', rate, yearFraction: day / 365 });
      expect(expirations[expiration]!.forward).toBeCloseTo(chain.forwards[expiration]!, 9);
      for (const strike of strikes) {
        for (const right of [CALL, PUT] as const) {
          const row = chain.row(expiration, right, strike);
          const greeks = bsmGreeks(right, spot, strike, day / 365, volatility(strike), rate, dividendYield);
          expect(columns.impliedVolatility[row]).toBeCloseTo(volatility(strike), 7);
          expect(columns.mark[row]).toBeCloseTo((chain.snapshot.quotes.bid[row]! + chain.snapshot.quotes.ask[row]!) / 2, 12);
          expect(columns.delta[row]).toBeCloseTo(greeks.delta, 6);
          expect(columns.gamma[row]).toBeCloseTo(greeks.gamma, 6);
          expect(columns.vega[row]).toBeCloseTo(greeks.vega, 6);
          expect(columns.theta[row]).toBeCloseTo(greeks.theta, 6);
          expect(columns.rho[row]).toBeCloseTo(greeks.rho, 6);
        }
      }
    }
  });

  test('is filled expiration by expiration, each leaving the others alone', () => {
    const chain = aChain({ days: [30, 60] });
    const pricer = pricerAt(0.05);
    const prepared = pricer.prepare(chain.snapshot);
    expect(prepared.expirations).toEqual([null, null]);
    pricer.priceExpiration(prepared, 1);
    expect(prepared.expirations[0]).toBeNull();
    expect(prepared.columns.delta.subarray(0, 18).every(Number.isNaN)).toBe(true);
    const whole = pricer.price(chain.snapshot);
    expect(prepared.columns.delta.subarray(18)).toEqual(whole.columns.delta.subarray(18));
    expect(prepared.expirations[1]).toEqual(whole.expirations[1]);
  });

  test('has the at-the-money volatility between the strikes around the forward', () => {
    const chain = aChain({ volatility: (strike) => strike / 500 });
    const { expirations } = pricerAt(0.05).price(chain.snapshot);
    const forward = chain.forwards[0]!;
    expect(forward).toBeGreaterThan(100);
    expect(expirations[0]!.atTheMoneyVolatility).toBeCloseTo(0.2 + (0.01 * Math.log(forward / 100)) / Math.log(105 / 100), 8);
  });

  test('is priced as of another moment when told so', () => {
    const chain = aChain({ days: [30] });
    const pricer = pricerAt(0.05);
    const later = pricer.price(chain.snapshot, QUOTED_AT_MS + 10 * 86_400_000);
    expect(later.asOfMs).toBe(QUOTED_AT_MS + 10 * 86_400_000);
    expect(later.expirations[0]!.yearFraction).toBeCloseTo(20 / 365, 12);
    expect(later.expirations[0]!.atTheMoneyVolatility).toBeGreaterThan(pricer.price(chain.snapshot).expirations[0]!.atTheMoneyVolatility);
  });

  test('an expiration of the past is left unknown', () => {
    const { columns, expirations } = pricerAt(0.05).price(aChain({ days: [0, 30] }).snapshot);
    expect(expirations[0]).toBeNull();
    expect(expirations[1]).not.toBeNull();
    expect(columns.mark.subarray(0, 18).every(Number.isNaN)).toBe(true);
  });
});

describe('a contract whose own volatility cannot be known', () => {
  test('one-sided: neither mark nor volatility, but the greeks of the other right at its strike', () => {
    const chain = aChain();
    const call = chain.row(0, CALL, 90);
    chain.snapshot.quotes.bid[call] = Number.NaN;
    const { columns } = pricerAt(0.05).price(chain.snapshot);
    const greeks = bsmGreeks(CALL, 100, 90, 30 / 365, chain.terms.volatility(90), 0.05, 0.02);
    expect(columns.mark[call]).toBeNaN();
    expect(columns.impliedVolatility[call]).toBeNaN();
    expect(columns.delta[call]).toBeCloseTo(greeks.delta, 6);
    expect(columns.theta[call]).toBeCloseTo(greeks.theta, 6);
    expect(columns.rho[call]).toBeCloseTo(greeks.rho, 6);
  });

  test('mark at or below the intrinsic value: a mark, no volatility, the greeks of the other right', () => {
    const chain = aChain();
    const put = chain.row(0, PUT, 120);
    chain.snapshot.quotes.bid[put] = 19;
    chain.snapshot.quotes.ask[put] = 19.1;
    const { columns } = pricerAt(0.05).price(chain.snapshot);
    const greeks = bsmGreeks(PUT, 100, 120, 30 / 365, chain.terms.volatility(120), 0.05, 0.02);
    expect(columns.mark[put]).toBeCloseTo(19.05, 12);
    expect(columns.impliedVolatility[put]).toBeNaN();
    expect(columns.delta[put]).toBeCloseTo(greeks.delta, 6);
    expect(columns.theta[put]).toBeCloseTo(greeks.theta, 6);
  });

  test('no quote on either right of a strike: nothing', () => {
    const chain = aChain();
    withoutQuote(chain, chain.row(0, CALL, 90));
    withoutQuote(chain, chain.row(0, PUT, 90));
    const { columns } = pricerAt(0.05).price(chain.snapshot);
    for (const right of [CALL, PUT] as const) {
      const row = chain.row(0, right, 90);
      for (const column of Object.values(columns)) expect(column[row]).toBeNaN();
    }
  });

  test('a crossed quote is no quote', () => {
    const chain = aChain();
    const row = chain.row(0, CALL, 105);
    chain.snapshot.quotes.bid[row] = chain.snapshot.quotes.ask[row]! + 0.01;
    expect(pricerAt(0.05).price(chain.snapshot).columns.mark[row]).toBeNaN();
  });
});

describe('American options', () => {
  const american: ChainTerms = { exerciseStyle: 'AMERICAN', kind: 'EQUITY', rate: 0.06, dividendYield: 0, days: [45, 300] };

  test('get the volatility behind their American price, and the forward behind their early-exercise premiums', () => {
    const chain = aChain(american);
    const { columns, expirations } = pricerAt(0.06).price(chain.snapshot);
    for (const [expiration, forward] of chain.forwards.entries()) {
      expect(expirations[expiration]!.forward / forward).toBeCloseTo(1, 3);
      for (const strike of [90, 95, 100, 105, 110]) {
        for (const right of [CALL, PUT] as const) {
          expect(columns.impliedVolatility[chain.row(expiration, right, strike)]).toBeCloseTo(chain.terms.volatility(strike), 3);
        }
      }
    }
  });

  test('of far expirations have their premiums taken out of the volatility that the premiums are computed from', () => {
    const chain = aChain({ ...american, days: [900] });
    const { expirations } = pricerAt(0.06).price(chain.snapshot);
    expect(expirations[0]!.forward / chain.forwards[0]!).toBeCloseTo(1, 4);
  });

  test('would be several volatility points off if taken as European', () => {
    const chain = aChain(american);
    const european = { ...chain.snapshot, underlying: { ...chain.snapshot.underlying, exerciseStyle: 'EUROPEAN' as const } };
    const { columns } = pricerAt(0.06).price(european);
    expect(columns.impliedVolatility[chain.row(1, PUT, 110)]! - chain.terms.volatility(110)).toBeGreaterThan(0.01);
  });

  test('with dividends the calls carry a premium too', () => {
    const chain = aChain({ ...american, dividendYield: 0.08, rate: 0.03 });
    const { columns } = pricerAt(0.03).price(chain.snapshot);
    expect(columns.impliedVolatility[chain.row(1, CALL, 90)]).toBeCloseTo(chain.terms.volatility(90), 2);
    expect(columns.impliedVolatility[chain.row(1, CALL, 105)]).toBeCloseTo(chain.terms.volatility(105), 3);
  });

  test('at the intrinsic value there is no volatility', () => {
    const chain = aChain(american);
    const row = chain.row(0, PUT, 120);
    chain.snapshot.quotes.bid[row] = 19.9;
    chain.snapshot.quotes.ask[row] = 20.1;
    const { columns } = pricerAt(0.06).price(chain.snapshot);
    expect(columns.impliedVolatility[row]).toBeNaN();
    expect(columns.delta[row]).toBeLessThan(-0.9);
  });
});

describe('memory', () => {
  test('released columns are used again, and clean', () => {
    const pricer = pricerAt(0.05);
    const first = pricer.price(aChain({ days: [30, 60] }).snapshot);
    const memory = first.columns.delta.buffer;
    pricer.release(first);
    pricer.release(first);
    const second = pricer.prepare(aChain().snapshot);
    expect(second.columns.delta.buffer).toBe(memory);
    expect(second.columns.delta).toHaveLength(18);
    for (const column of Object.values(second.columns)) expect(column.every(Number.isNaN)).toBe(true);
    expect(pricer.prepare(aChain().snapshot).columns.delta.buffer).not.toBe(memory);
  });

  test('chains that were not released keep their numbers', () => {
    const pricer = pricerAt(0.05);
    const chain = aChain();
    const kept = pricer.price(chain.snapshot);
    const before = kept.columns.impliedVolatility.slice();
    pricer.price(aChain({ volatility: () => 0.9 }).snapshot);
    expect(kept.columns.impliedVolatility).toEqual(before);
  });
});

describe('whatever the quotes', () => {
  const price = fc.oneof(
    fc.constant(Number.NaN),
    fc.constant(0),
    fc.double({ min: 0, max: 300, noNaN: true }),
    fc.double({ min: 0, max: 1e-9, noNaN: true }),
    fc.double({ min: 0, max: 1e12, noNaN: true }),
  );

  test('no column ever holds an infinity, and volatilities are positive or unknown', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(price, price), { minLength: 36, maxLength: 36 }),
        fc.constantFrom<ChainTerms['exerciseStyle']>('AMERICAN', 'EUROPEAN'),
        fc.constantFrom(0, 0.05, -0.01),
        fc.constantFrom(100, Number.NaN, 1e-9, 1e9),
        fc.constantFrom(Number.NaN, 101, 1e-6),
        (quotes, exerciseStyle, rate, underlyingPrice, vendorForward) => {
          const { snapshot } = aChain({ days: [0.001, 50], exerciseStyle: exerciseStyle!, underlyingPrice, vendorForward });
          quotes.forEach(([bid, ask], row) => {
            snapshot.quotes.bid[row] = bid;
            snapshot.quotes.ask[row] = ask;
          });
          const { columns, expirations } = pricerAt(rate).price(snapshot);
          for (const [name, column] of Object.entries(columns)) {
            const bad = column.findIndex((value: number) => Math.abs(value) === Number.POSITIVE_INFINITY);
            expect(bad, `${name}[${bad}]`).toBe(-1);
          }
          expect(columns.impliedVolatility.every((value) => Number.isNaN(value) || value > 0)).toBe(true);
          expect(
            expirations.every((expiration) => expiration === null || (expiration.forward > 0 && Number.isFinite(expiration.forward))),
          ).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the underlying of the greeks', () => {
  test('is the stated forward where the source states one', () => {
    const chain = aChain({ rate: 0, dividendYield: 0, spot: 100, vendorForward: 100, underlyingPrice: 98, kind: 'CRYPTO' });
    const { columns, expirations } = createChainPricer().price(chain.snapshot);
    expect(expirations[0]).toMatchObject({ forward: 100, forwardSource: 'VENDOR', rate: 0 });
    const greeks = black76Greeks(CALL, 100, 105, 30 / 365, chain.terms.volatility(105), 0);
    const row = chain.row(0, CALL, 105);
    expect(columns.delta[row]).toBeCloseTo(greeks.delta, 8);
    expect(columns.gamma[row]).toBeCloseTo(greeks.gamma, 8);
    expect(columns.theta[row]).toBeCloseTo(greeks.theta, 8);
  });

  test('is a spot without yield where nobody tells its price', () => {
    const chain = aChain({ dividendYield: 0, underlyingPrice: Number.NaN });
    const { columns, expirations } = pricerAt(0.05).price(chain.snapshot);
    expect(expirations[0]!.forwardSource).toBe('PARITY');
    const greeks = bsmGreeks(PUT, 100, 95, 30 / 365, chain.terms.volatility(95), 0.05, 0);
    expect(columns.delta[chain.row(0, PUT, 95)]).toBeCloseTo(greeks.delta, 6);
    expect(columns.theta[chain.row(0, PUT, 95)]).toBeCloseTo(greeks.theta, 6);
  });
});
