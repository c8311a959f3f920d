import { CALL } from '../chain/chain-snapshot.ts';
import { type AmericanTerms, americanTerms } from './american-terms.ts';
import { black76Price } from './black76.ts';
import { criticalPrice, premiumExponent } from './critical-price.ts';
import { normalCdf, normalPdf } from './normal-distribution.ts';

/** Below this total deviation the underlying is a certainty and the quadratic approximation loses its digits. */
const SMALLEST_DEVIATION = 1e-6;
/** A cost of waiting below this share of the price is none; the critical price would be lost at the end of the doubles. */
const SMALLEST_COST = 1e-9;

/** Ju and Zhong's χ stays far below this wherever their formula is accurate. */
const LARGEST_CORRECTION = 0.5;

/**
 * Price of an American option on an underlying with a continuous yield: N. Ju and R. Zhong, "An approximate formula for pricing American options" (Journal
 * of Derivatives 7, 1999), which corrects the quadratic approximation of Barone-Adesi and Whaley at long maturities. Within about 0.5 % of the exact
 * price for the rates and maturities of listed options.
 *
 * Arguments as in bsmPrice, yearFraction > 0. Never below the intrinsic value or the European price. Where early exercise cannot pay (a call
 * without yield, a put without interest) it is the larger of the two. NaN when an argument is NaN or outside its range.
 */
export function americanPrice(
  right: 0 | 1,
  spot: number,
  strike: number,
  yearFraction: number,
  volatility: number,
  rate: number,
  dividendYield: number,
): number {
  const terms = americanTerms(yearFraction, rate, dividendYield);
  const european = black76Price(right, spot * terms.growth, strike, yearFraction, volatility, terms.discountFactor);
  return european + earlyExercisePremium(european, right, spot, strike, volatility, terms);
}

/**
 * What the right to exercise before expiration adds to the price of a European option, ≥ 0; see americanPrice.
 *
 * @param european price of the European option on the same terms
 */
export function earlyExercisePremium(
  european: number,
  right: 0 | 1,
  spot: number,
  strike: number,
  volatility: number,
  terms: AmericanTerms,
): number {
  const intrinsic = Math.max(0, right === CALL ? spot - strike : strike - spot);
  const least = Math.max(0, intrinsic - european);
  // What waiting costs the holder: the dividends a call misses, the interest a put misses.
  const costOfWaiting = (right === CALL ? terms.dividendYield : terms.rate) * terms.yearFraction;
  if (!(volatility * terms.rootTime >= SMALLEST_DEVIATION) || costOfWaiting < SMALLEST_COST) return least;
  const critical = strike * criticalPrice(right, volatility, terms);
  if (right === CALL ? spot >= critical : spot <= critical) return least;
  const premium = Math.min(premiumBefore(critical, right, spot, strike, volatility, terms), greatestPremium(right, spot, strike, terms));
  return premium > least ? premium : least;
}

/**
 * Exercising early can bring no more than the interest on the strike (put) or the dividends of the underlying (call) until expiration: the integrands of
 * P. Carr, R. Jarrow and R. Myneni, "Alternative characterizations of American put options" (Mathematical Finance 2, 1992), with every probability 1.
 */
function greatestPremium(right: 0 | 1, spot: number, strike: number, { rate, dividendYield, yearFraction }: AmericanTerms): number {
  return right === CALL ? -spot * Math.expm1(-dividendYield * yearFraction) : -strike * Math.expm1(-rate * yearFraction);
}

/** The premium where waiting is best. Every term of the paper is kept multiplied by α = 2r/σ², so that a rate of 0 needs no limit. */
function premiumBefore(critical: number, right: 0 | 1, spot: number, strike: number, volatility: number, terms: AmericanTerms): number {
  const { yearFraction, rate, dividendYield, discountFactor, growth, interestOverDiscount } = terms;
  const side = right === CALL ? 1 : -1;
  const perVariance = 2 / (volatility * volatility);
  const deviation = volatility * terms.rootTime;
  const forward = critical * growth;
  const alpha = rate * perVariance;
  const alphaOverH = interestOverDiscount * perVariance;
  const lambda = premiumExponent(right, volatility, terms);
  // 2λ + β - 1 = ±√((β-1)² + 4α/h)
  const root = 2 * lambda + (rate - dividendYield) * perVariance - 1;
  const alphaLambdaSlope = (-alphaOverH * alphaOverH) / root;
  const premiumAtCritical = side * (critical - strike) - black76Price(right, forward, strike, yearFraction, volatility, discountFactor);
  const d1 = Math.log(forward / strike) / deviation + 0.5 * deviation;
  const alphaDecay =
    (forward * normalPdf(d1)) / deviation -
    side * forward * normalCdf(side * d1) * dividendYield * perVariance +
    side * alpha * strike * normalCdf(side * (d1 - deviation));
  const b = (discountFactor * alphaLambdaSlope) / (2 * root);
  const c = (-discountFactor / root) * (alphaDecay / premiumAtCritical + alphaOverH + alphaLambdaSlope / root);
  const distance = Math.log(spot / critical);
  const chi = distance * (b * distance + c);
  // The correction has a pole, which options of a few days come near: beyond LARGEST_CORRECTION it says nothing.
  return (premiumAtCritical * Math.exp(lambda * distance)) / (1 - Math.min(chi, LARGEST_CORRECTION));
}
