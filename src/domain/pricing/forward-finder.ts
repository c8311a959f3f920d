import { yearFraction as yearFractionBetween } from '../calendar/year-fraction.ts';
import type { ChainSnapshot, ExpirationSlice } from '../chain/chain-snapshot.ts';
import { CALL, PUT } from '../chain/chain-snapshot.ts';
import { earlyExercisePremium } from './american-price.ts';
import { type AmericanTerms, americanTerms } from './american-terms.ts';
import { black76Price } from './black76.ts';
import { black76ImpliedVolatility } from './implied-volatility.ts';
import { createParityForward } from './parity-forward.ts';
import { createParityPairFinder, type ParityPairs } from './parity-pairs.ts';
import type { RateCurve } from './rate-curve.ts';
import type { SliceTerms } from './slice-terms.ts';

/** Parity and spot more than this far apart (plus a carry of 50 % a year) are not the same moment or not the same underlying. */
const LARGEST_BASIS = 0.1;
const LARGEST_CARRY = 0.5;
/** The carry of a nearer expiration is mostly the time between two prints, not interest and dividends. */
const SHORTEST_CARRY_YEARS = 7 / 365;
/** Secant steps between the forward of an American slice and the premiums that depend on it; three leave less than a hundredth of a volatility point. */
const PREMIUM_STEPS = 3;

export interface ForwardFinder {
  /** Fills `terms` for one slice; false (and terms of no use) when it has expired or no forward can be found. */
  fill(terms: SliceTerms, snapshot: ChainSnapshot, index: number, asOfMs: number, curve: RateCurve, dividendYield: number): boolean;
}

/**
 * The forward of an expiration: the source's own; else put-call parity on the slice; else the cost of carry S·e^(cT), with the carry c between those that
 * parity gives for the neighbouring expirations, or rate less the given dividend yield where there is none.
 */
export function createForwardFinder(): ForwardFinder {
  const findPairs = createParityPairFinder();
  const combine = createParityForward();
  /** By pair: what early exercise makes the call dearer than the put, and what it adds to the out-of-the-money one of them. */
  const premium = new Float64Array(32);
  const ownPremium = new Float64Array(32);

  function parity(snapshot: ChainSnapshot, slice: ExpirationSlice, yearFraction: number, rate: number): number {
    const discountFactor = Math.exp(-rate * yearFraction);
    const pairs = findPairs(snapshot.quotes, slice, discountFactor);
    premium.fill(0);
    ownPremium.fill(0);
    let forward = combine(pairs, discountFactor, premium);
    if (snapshot.underlying.exerciseStyle === 'AMERICAN') {
      let last = Number.NaN;
      let lastError = Number.NaN;
      for (let step = 0; step < PREMIUM_STEPS && forward > 0; step++) {
        const spot = snapshot.underlyingPrice > 0 ? snapshot.underlyingPrice : forward * discountFactor;
        const dividendYield = plausibleYield(rate - Math.log(forward / spot) / yearFraction, yearFraction);
        fillPremiums(pairs, forward, americanTerms(yearFraction, rate, dividendYield));
        const error = combine(pairs, discountFactor, premium) - forward;
        const slope = (error - lastError) / (forward - last);
        last = forward;
        lastError = error;
        // The plain step is a slope of -1; the map shrinks errors, so that true slopes are not far from it.
        forward -= error / (slope < -0.3 && slope > -3 ? slope : -1);
      }
    }
    const basis = Math.log(forward / snapshot.underlyingPrice);
    return Math.abs(basis) > LARGEST_BASIS + LARGEST_CARRY * yearFraction ? Number.NaN : forward;
  }

  /** Fills the premiums at the volatility of each pair's out-of-the-money option, its mark less the premium that the last call found in it. */
  function fillPremiums(pairs: ParityPairs, forward: number, terms: AmericanTerms): void {
    const { yearFraction, discountFactor } = terms;
    const spot = forward / terms.growth;
    for (let i = 0; i < pairs.size; i++) {
      const strike = pairs.strike[i]!;
      const side = strike <= forward ? PUT : CALL;
      const mark = (side === PUT ? pairs.putMark[i]! : pairs.callMark[i]!) - ownPremium[i]!;
      const volatility = black76ImpliedVolatility(mark, side, forward, strike, yearFraction, discountFactor);
      const call = black76Price(CALL, forward, strike, yearFraction, volatility, discountFactor);
      const put = black76Price(PUT, forward, strike, yearFraction, volatility, discountFactor);
      const ofCall = earlyExercisePremium(call, CALL, spot, strike, volatility, terms);
      const ofPut = earlyExercisePremium(put, PUT, spot, strike, volatility, terms);
      const known = Number.isFinite(ofCall - ofPut);
      premium[i] = known ? ofCall - ofPut : 0;
      ownPremium[i] = known ? (side === PUT ? ofPut : ofCall) : 0;
    }
  }

  /** ln(F/S)/T of the nearest slice in the given direction for which parity works; NaN when there is none. The slice's years to expiration go to `carryYears`. */
  let carryYears = Number.NaN;
  function neighbourCarry(snapshot: ChainSnapshot, index: number, direction: 1 | -1, asOfMs: number, curve: RateCurve): number {
    for (let other = index + direction; other >= 0 && other < snapshot.expirations.length; other += direction) {
      const slice = snapshot.expirations[other]!;
      carryYears = yearFractionBetween(asOfMs, slice.expiresAtMs);
      if (!(carryYears >= SHORTEST_CARRY_YEARS)) continue;
      const forward = parity(snapshot, slice, carryYears, curve.rateAt(asOfMs, carryYears));
      if (forward > 0) return Math.log(forward / snapshot.underlyingPrice) / carryYears;
    }
    return Number.NaN;
  }

  function carry(snapshot: ChainSnapshot, index: number, asOfMs: number, curve: RateCurve, yearFraction: number, standard: number): number {
    const before = neighbourCarry(snapshot, index, -1, asOfMs, curve);
    const yearsBefore = carryYears;
    const after = neighbourCarry(snapshot, index, 1, asOfMs, curve);
    if (Number.isNaN(before)) return Number.isNaN(after) ? standard : after;
    if (Number.isNaN(after) || carryYears <= yearsBefore) return before;
    return before + ((after - before) * (yearFraction - yearsBefore)) / (carryYears - yearsBefore);
  }

  return {
    fill(terms, snapshot, index, asOfMs, curve, dividendYield) {
      const slice = snapshot.expirations[index]!;
      const yearFraction = yearFractionBetween(asOfMs, slice.expiresAtMs);
      if (!(yearFraction > 0)) return false;
      const rate = curve.rateAt(asOfMs, yearFraction);
      const price = snapshot.underlyingPrice;
      terms.yearFraction = yearFraction;
      terms.rate = rate;
      terms.discountFactor = Math.exp(-rate * yearFraction);
      if (slice.vendorForward > 0) {
        terms.forward = slice.vendorForward;
        terms.forwardSource = 'VENDOR';
      } else {
        terms.forward = parity(snapshot, slice, yearFraction, rate);
        terms.forwardSource = 'PARITY';
        if (!(terms.forward > 0)) {
          terms.forward = price * Math.exp(carry(snapshot, index, asOfMs, curve, yearFraction, rate - dividendYield) * yearFraction);
          terms.forwardSource = 'CARRY';
        }
      }
      if (!(terms.forward > 0 && Number.isFinite(terms.forward))) return false;
      if (terms.forwardSource === 'VENDOR') terms.dividendYield = rate;
      else if (!(price > 0)) terms.dividendYield = 0;
      else terms.dividendYield = plausibleYield(rate - Math.log(terms.forward / price) / yearFraction, yearFraction);
      terms.spot = terms.forward * Math.exp((terms.dividendYield - rate) * yearFraction);
      return true;
    },
  };
}

/**
 * The yield that forward and spot imply, held within ±2 % a year plus 25 % (less for expirations under 30 days): near expiration a difference of a few
 * seconds between the prints of options and underlying would look like a yield of hundreds of percent.
 */
function plausibleYield(implied: number, yearFraction: number): number {
  const bound = 0.02 + 0.25 * Math.min(1, yearFraction / (30 / 365));
  return Math.max(-bound, Math.min(bound, implied));
}
