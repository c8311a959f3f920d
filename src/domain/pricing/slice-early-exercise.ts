import type { ExpirationSlice } from '../chain/chain-snapshot.ts';
import { CALL, PUT } from '../chain/chain-snapshot.ts';
import { volatilityWithoutPremium } from './american-implied-volatility.ts';
import { earlyExercisePremium } from './american-price.ts';
import { type AmericanTerms, americanTerms } from './american-terms.ts';
import { black76Price, black76Vega } from './black76.ts';
import type { PricedColumns } from './priced-chain.ts';
import type { SliceScratch } from './slice-scratch.ts';
import type { SliceTerms } from './slice-terms.ts';

/** A premium that moves the volatility by less than this (decimal) is within the error of the approximation and not worth a solver. */
const NEGLIGIBLE_VOLATILITY = 2e-5;

/**
 * Takes the early-exercise premium out of the volatilities of a slice of American options that were solved as if European: where the premium moves the
 * volatility by more than 0.00002 it becomes the one at which the American price is the mark (none, when the mark is at or below the
 * intrinsic value), and the value the European price at it.
 */
export function correctForEarlyExercise(
  strike: Float64Array,
  slice: ExpirationSlice,
  terms: SliceTerms,
  columns: PricedColumns,
  scratch: SliceScratch,
): void {
  const american = americanTerms(terms.yearFraction, terms.rate, terms.dividendYield);
  if (terms.dividendYield > 0) correctSide(CALL, strike, slice.start, slice.putStart, slice.start, terms, american, columns, scratch);
  if (terms.rate > 0) correctSide(PUT, strike, slice.putStart, slice.end, slice.start, terms, american, columns, scratch);
}

function correctSide(
  right: 0 | 1,
  strike: Float64Array,
  start: number,
  end: number,
  offset: number,
  terms: SliceTerms,
  american: AmericanTerms,
  columns: PricedColumns,
  scratch: SliceScratch,
): void {
  const { deviation, value } = scratch;
  const { mark, impliedVolatility } = columns;
  const { spot, forward, yearFraction, discountFactor } = terms;
  for (let row = start; row < end; row++) {
    const j = row - offset;
    if (!(deviation[j]! > 0)) continue;
    const k = strike[row]!;
    const price = mark[row]!;
    const european = impliedVolatility[row]!;
    const premium = earlyExercisePremium(price, right, spot, k, european, american);
    if (premium <= NEGLIGIBLE_VOLATILITY * black76Vega(forward, k, yearFraction, european, discountFactor)) continue;
    const volatility = volatilityWithoutPremium(price, right, spot, k, american, european, premium);
    impliedVolatility[row] = volatility;
    deviation[j] = volatility * american.rootTime;
    value[j] = black76Price(right, forward, k, yearFraction, volatility, discountFactor);
  }
}
