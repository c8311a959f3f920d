import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainTotals, putCallRatio } from '../../../../src/domain/analytics/chain-totals.ts';
import { deltaSkew, volatilityAtDelta } from '../../../../src/domain/analytics/delta-skew.ts';
import { gammaExposure } from '../../../../src/domain/analytics/gamma-exposure.ts';
import { maxPain } from '../../../../src/domain/analytics/max-pain.ts';
import { skewAtMaturity, termStructure } from '../../../../src/domain/analytics/term-structure.ts';
import { underlyingMetrics } from '../../../../src/domain/analytics/underlying-metrics.ts';
import { CALL, PUT } from '../../../../src/domain/chain/chain-snapshot.ts';
import { createChainPricer } from '../../../../src/domain/pricing/chain-pricer.ts';
import { flatRateCurve } from '../../../../src/domain/pricing/rate-curve.ts';
import { aChain, type ChainTerms } from '../pricing/a-chain.ts';

const UNRANKED = { ivRank: Number.NaN, ivPercentile: Number.NaN };
const STRIKES = Array.from({ length: 61 }, (_, i) => 70 + i);

function aPricedChain(terms: ChainTerms = {}) {
  const model = aChain({ strikes: STRIKES, ...terms });
  return { model, chain: createChainPricer({ rateCurve: () => flatRateCurve(model.terms.rate) }).price(model.snapshot) };
}

describe('max pain', () => {
  it('is the strike of least total payout', () => {
    const { snapshot } = aChain();
    const { strike, right, openInterest } = snapshot.quotes;
    const slice = snapshot.expirations[0]!;
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.nat(50), fc.constant(Number.NaN)), { minLength: snapshot.size, maxLength: snapshot.size }),
        (interests) => {
          openInterest.set(interests);
          const rows = [...openInterest.keys()].filter((row) => openInterest[row]! > 0);
          const payoutAt = (price: number) =>
            rows.reduce(
              (sum, row) => sum + openInterest[row]! * Math.max(0, right[row] === PUT ? strike[row]! - price : price - strike[row]!),
              0,
            );
          const least = Math.min(...rows.map((row) => payoutAt(strike[row]!)));
          const lowest = Math.min(...rows.map((row) => strike[row]!).filter((price) => payoutAt(price) === least));
          expect(maxPain(snapshot, slice)).toBe(rows.length === 0 ? Number.NaN : lowest);
        },
      ),
    );
  });
});

describe('totals of a chain', () => {
  it('are by right, and count nothing for what is unknown', () => {
    const { model } = aPricedChain({ days: [30, 60] });
    const { volume, openInterest } = model.snapshot.quotes;
    volume[model.row(0, CALL, 100)] = 7;
    volume[model.row(1, CALL, 110)] = 3;
    volume[model.row(1, PUT, 90)] = 20;
    openInterest[model.row(0, CALL, 100)] = 5;
    expect(chainTotals(model.snapshot)).toEqual({ callVolume: 10, putVolume: 20, callOpenInterest: 5, putOpenInterest: Number.NaN });
    expect(chainTotals(model.snapshot, model.snapshot.expirations[0])).toMatchObject({ callVolume: 7, putVolume: Number.NaN });
    expect(putCallRatio(20, 10)).toBe(2);
    expect(putCallRatio(20, 0)).toBeNaN();
  });
});

describe('gamma exposure', () => {
  it('is gamma times open interest, multiplier, square of the price and one per cent; calls count up and puts down', () => {
    const { model, chain } = aPricedChain();
    expect(gammaExposure(chain)).toBeNaN();
    const [call, put] = [model.row(0, CALL, 105), model.row(0, PUT, 95)];
    model.snapshot.quotes.openInterest[call] = 40;
    model.snapshot.quotes.openInterest[put] = 10;
    const perMove = 100 * 100 ** 2 * 0.01;
    expect(model.snapshot.underlying.contractMultiplier).toBe(100);
    expect(gammaExposure(chain)).toBeCloseTo((40 * chain.columns.gamma[call]! - 10 * chain.columns.gamma[put]!) * perMove, 6);
  });
});

describe('skew', () => {
  it('is what the puts of a delta cost more than the calls', () => {
    const { chain } = aPricedChain({ volatility: (strike) => 0.2 + 0.3 * Math.log(100 / strike) });
    const slice = chain.snapshot.expirations[0]!;
    // The strikes lie a point apart, so the volatility at a delta is near that of the strike with about that delta.
    const nearest = (from: number, to: number) => {
      const rows = Array.from({ length: to - from }, (_, i) => from + i);
      const gap = (row: number) => Math.abs(Math.abs(chain.columns.delta[row]!) - 0.25);
      return chain.columns.impliedVolatility[rows.reduce((best, row) => (gap(row) < gap(best) ? row : best))]!;
    };
    expect(volatilityAtDelta(chain, slice, true, 0.25)).toBeCloseTo(nearest(slice.putStart, slice.end), 2);
    expect(deltaSkew(chain, slice)).toBeCloseTo(nearest(slice.putStart, slice.end) - nearest(slice.start, slice.putStart), 2);
    expect(deltaSkew(chain, slice)).toBeGreaterThan(0.01);
    expect(deltaSkew(aPricedChain({ volatility: () => 0.2 }).chain, slice)).toBeCloseTo(0, 6);
  });

  it('is unknown where no contracts bracket the delta', () => {
    const { chain } = aPricedChain({ strikes: [99, 100, 101] });
    expect(volatilityAtDelta(chain, chain.snapshot.expirations[0]!, true, 0.05)).toBeNaN();
  });

  it('is interpolated in time between the expirations', () => {
    const point = (daysToExpiration: number, skew25Delta: number) => ({
      expirationIndex: 0,
      daysToExpiration,
      forward: 100,
      atTheMoneyVolatility: 0.2,
      skew25Delta,
      expectedMove: 1,
    });
    expect(skewAtMaturity([point(7, 0.9), point(20, 0.02), point(40, 0.06), point(90, 0.9)])).toBeCloseTo(0.04, 12);
    expect(skewAtMaturity([point(20, 0.02), point(25, Number.NaN)])).toBe(0.02);
    expect(skewAtMaturity([point(7, 0.02)])).toBeNaN();
    expect(skewAtMaturity([])).toBeNaN();
  });
});

describe('metrics of an underlying', () => {
  it('are those of its chain', () => {
    const { model, chain } = aPricedChain({ days: [20, 40, 80], volatility: () => 0.2 });
    model.snapshot.quotes.volume[model.row(0, CALL, 100)] = 4;
    const metrics = underlyingMetrics(chain, { ivRank: 12, ivPercentile: Number.NaN });
    expect(metrics).toMatchObject({ price: 100, volume: 4, putCallVolumeRatio: null, ivRank: 12, ivPercentile: null, openInterest: null });
    expect(metrics.impliedVolatility30d).toBeCloseTo(0.2, 6);
    expect(metrics.termSlope).toBeCloseTo(0, 6);
    expect(metrics.skew25Delta).toBeCloseTo(0, 6);
    expect(metrics.expectedMove30d).toBeCloseTo(100 * 0.2 * Math.sqrt(30 / 365), 4);
    expect(termStructure(chain).map((point) => Math.round(point.daysToExpiration))).toEqual([20, 40, 80]);
  });

  it('are unknown, not wrong, for a chain that says nothing', () => {
    const { chain } = aPricedChain({ days: [5] });
    const { price: _price, ...others } = underlyingMetrics(chain, UNRANKED);
    expect(Object.values(others).every((value) => value === null)).toBe(true);
  });
});
