import { CALL } from '../chain/chain-snapshot.ts';
import { bsmPrice } from './black-scholes-merton.ts';
import { criticalPrice, premiumExponent } from './critical-price.ts';
import { normalCdf, normalPdf } from './normal-distribution.ts';

/**
 * Price of an American option on an underlying with a continuous yield: N. Ju and R. Zhong, "An approximate formula for pricing American options" (Journal
 * of Derivatives 7, 1999), which corrects the quadratic approximation of Barone-Adesi and Whaley at long maturities. Within about 0.4 % of the exact
 * price for the rates and maturities of listed options.
 *
 * Arguments as in bsmPrice, volatility and yearFraction > 0. Never below the intrinsic value or the European price. Where early exercise cannot pay (a call
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
  const european = bsmPrice(right, spot, strike, yearFraction, volatility, rate, dividendYield);
  return european + premiumOver(european, right, spot, strike, yearFraction, volatility, rate, dividendYield);
}

/** What the right to exercise before expiration adds to the European price, ≥ 0; arguments as in americanPrice. */
export function earlyExercisePremium(
  right: 0 | 1,
  spot: number,
  strike: number,
  yearFraction: number,
  volatility: number,
  rate: number,
  dividendYield: number,
): number {
  const european = bsmPrice(right, spot, strike, yearFraction, volatility, rate, dividendYield);
  return premiumOver(european, right, spot, strike, yearFraction, volatility, rate, dividendYield);
}

function premiumOver(
  european: number,
  right: 0 | 1,
  spot: number,
  strike: number,
  yearFraction: number,
  volatility: number,
  rate: number,
  dividendYield: number,
): number {
  const intrinsic = Math.max(0, right === CALL ? spot - strike : strike - spot);
  const least = Math.max(0, intrinsic - european);
  // What waiting costs the holder: the dividends a call misses, the interest a put misses.
  const costOfWaiting = (right === CALL ? dividendYield : rate) * yearFraction;
  if (!(volatility * Math.sqrt(yearFraction) >= SMALLEST_DEVIATION) || costOfWaiting < SMALLEST_COST) return least;
  const critical = strike * criticalPrice(right, yearFraction, volatility, rate, dividendYield);
  if (right === CALL ? spot >= critical : spot <= critical) return least;
  const premium = premiumBefore(critical, right, spot, strike, yearFraction, volatility, rate, dividendYield);
  return premium > least ? premium : least;
}

/** A cost of waiting below this share of the price is none; the critical price would be lost at the end of the doubles. */
const SMALLEST_COST = 1e-9;
/** Below this total deviation the underlying is a certainty and the quadratic approximation loses its digits. */
const SMALLEST_DEVIATION = 1e-6;

/** The early-exercise premium in the continuation region. Every term is kept multiplied by α = 2r/σ², so that a rate of 0 needs no limit. */
function premiumBefore(
  critical: number,
  right: 0 | 1,
  spot: number,
  strike: number,
  yearFraction: number,
  volatility: number,
  rate: number,
  dividendYield: number,
): number {
  const side = right === CALL ? 1 : -1;
  const variance = volatility * volatility * yearFraction;
  const deviation = Math.sqrt(variance);
  const discount = Math.exp(-rate * yearFraction);
  const forward = critical * Math.exp((rate - dividendYield) * yearFraction);
  const alpha = (2 * rate * yearFraction) / variance;
  const alphaOverH = rate === 0 ? 2 / variance : alpha / -Math.expm1(-rate * yearFraction);
  const lambda = premiumExponent(right, yearFraction, volatility, rate, dividendYield);
  // 2λ + β - 1 = ±√((β-1)² + 4α/h)
  const root = 2 * lambda + (2 * (rate - dividendYield) * yearFraction) / variance - 1;
  const alphaLambdaSlope = (-alphaOverH * alphaOverH) / root;
  const atCritical = bsmPrice(right, critical, strike, yearFraction, volatility, rate, dividendYield);
  const premiumAtCritical = side * (critical - strike) - atCritical;
  const d1 = Math.log(forward / strike) / deviation + 0.5 * deviation;
  const d2 = d1 - deviation;
  const alphaDecay =
    (forward * normalPdf(d1)) / deviation -
    (side * forward * normalCdf(side * d1) * 2 * dividendYield * yearFraction) / variance +
    side * alpha * strike * normalCdf(side * d2);
  const b = (discount * alphaLambdaSlope) / (2 * root);
  const c = (-discount / root) * (alphaDecay / premiumAtCritical + alphaOverH + alphaLambdaSlope / root);
  const distance = Math.log(spot / critical);
  const chi = distance * (b * distance + c);
  return (premiumAtCritical * Math.exp(lambda * distance)) / (1 - chi);
}
