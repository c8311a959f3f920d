import type { ExpirationSlice } from '../chain/chain-snapshot.ts';
import { erfcx } from './complementary-error-function.ts';
import { PER_POINT, YEAR_PER_DAY } from './greek-units.ts';
import type { PricedColumns } from './priced-chain.ts';
import type { SliceScratch } from './slice-scratch.ts';
import type { SliceTerms } from './slice-terms.ts';

const SQRT_TWO_PI_INVERSE = 0.3989422804014327;

/**
 * Black-Scholes-Merton greeks (Hull, ch. 19) of every row of a slice that has a deviation in the scratch; NaN for the others. American options get the
 * European greeks at the volatility that explains their American price: where the early-exercise premium is small, so is the difference; deep in the
 * money, where immediate exercise is near, |delta| is really nearer to 1 than stated.
 *
 * With V the value and Δ the forward delta N(d1) or N(d1) - 1, the textbook forms come down to one density and one tail per row:
 * theta = -D·F·n(d1)·σ/(2√T) + r·V - (r-q)·D·F·Δ, rho = T·(D·F·Δ - V).
 */
export function fillSliceGreeks(slice: ExpirationSlice, terms: SliceTerms, columns: PricedColumns, scratch: SliceScratch): void {
  fillSide(slice.start, slice.putStart, slice.start, 0, terms, columns, scratch);
  fillSide(slice.putStart, slice.end, slice.start, 1, terms, columns, scratch);
}

function fillSide(
  start: number,
  end: number,
  offset: number,
  putShift: 0 | 1,
  terms: SliceTerms,
  columns: PricedColumns,
  scratch: SliceScratch,
): void {
  const { logMoneyness, deviation, value } = scratch;
  const { delta, gamma, vega, theta, rho } = columns;
  const { yearFraction, rate, dividendYield, discountFactor, forward, spot } = terms;
  const presentForward = discountFactor * forward;
  const yieldDiscount = presentForward / spot;
  const gammaScale = (SQRT_TWO_PI_INVERSE * yieldDiscount) / spot;
  const vegaScale = SQRT_TWO_PI_INVERSE * presentForward * Math.sqrt(yearFraction) * PER_POINT;
  const decayScale = ((-SQRT_TWO_PI_INVERSE * presentForward) / (2 * yearFraction)) * YEAR_PER_DAY;
  const interestScale = rate * YEAR_PER_DAY;
  const carryScale = (rate - dividendYield) * presentForward * YEAR_PER_DAY;
  const rhoScale = yearFraction * PER_POINT;
  for (let row = start; row < end; row++) {
    const j = row - offset;
    const s = deviation[j]!;
    if (!(s > 0)) continue;
    const d1 = logMoneyness[j]! / s + 0.5 * s;
    const weight = Math.exp(-0.5 * d1 * d1);
    // N(-|d1|) = ½·exp(-d1²/2)·erfcx(|d1|/√2): the exponential serves density and distribution.
    const tail = 0.5 * weight * erfcx(Math.abs(d1) * Math.SQRT1_2);
    const forwardDelta = d1 < 0 ? tail - putShift : putShift === 1 ? -tail : 1 - tail;
    const v = value[j]!;
    delta[row] = yieldDiscount * forwardDelta;
    gamma[row] = (gammaScale * weight) / s;
    vega[row] = vegaScale * weight;
    theta[row] = decayScale * weight * s + interestScale * v - carryScale * forwardDelta;
    rho[row] = rhoScale * (presentForward * forwardDelta - v);
  }
}
