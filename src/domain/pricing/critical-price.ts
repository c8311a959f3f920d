import { CALL } from '../chain/chain-snapshot.ts';
import type { AmericanTerms } from './american-terms.ts';
import { erfcx } from './complementary-error-function.ts';

const SQRT_TWO_PI_INVERSE = 0.3989422804014327;
const MAXIMUM_STEPS = 50;
/** Relative size of the last Newton step; what is left after it is its square. The premium hardly depends on the critical price. */
const TOLERANCE = 1e-7;

/** λ of the quadratic approximation: the exponent of the early-exercise premium, > 1 for calls and < 0 for puts. */
export function premiumExponent(right: 0 | 1, volatility: number, terms: AmericanTerms): number {
  const variance = volatility * volatility;
  const beta = (2 * (terms.rate - terms.dividendYield)) / variance;
  const root = Math.sqrt((beta - 1) * (beta - 1) + (8 * terms.interestOverDiscount) / variance);
  return 0.5 * (1 - beta + (right === CALL ? root : -root));
}

/**
 * The price of the underlying, per 1.00 of strike, at and beyond which immediate exercise is best: G. Barone-Adesi and R. E. Whaley, "Efficient analytic
 * approximation of American option values" (Journal of Finance 42, 1987), solved by Newton's method from the critical price of the last volatility or the
 * seed of Haug, "The Complete Guide to Option Pricing Formulas" (2007), section 3.1. It depends on no strike. Needs a call with a dividend yield > 0
 * or a put with a rate > 0 (else there is none) and a volatility > 0.
 */
export function criticalPrice(right: 0 | 1, volatility: number, terms: AmericanTerms): number {
  const side = right === CALL ? 1 : -1;
  const { discountFactor, yieldDiscount, growth, lastCritical } = terms;
  const lambda = premiumExponent(right, volatility, terms);
  const deviation = volatility * terms.rootTime;
  const last = lastCritical[right]!;
  let s = last > 0 ? last : seed(right, volatility, terms);
  for (let step = 0; step < MAXIMUM_STEPS; step++) {
    const ratio = s * growth;
    const d1 = Math.log(ratio) / deviation + 0.5 * deviation;
    const d2 = d1 - deviation;
    const weight = Math.exp(-0.5 * d1 * d1);
    // n(d2) = n(d1)·F/K: one exponential serves the density and both distributions.
    const tail1 = 0.5 * weight * erfcx(Math.abs(d1) * Math.SQRT1_2);
    const tail2 = 0.5 * weight * ratio * erfcx(Math.abs(d2) * Math.SQRT1_2);
    const exercised1 = side * d1 < 0 ? tail1 : 1 - tail1;
    const exercised2 = side * d2 < 0 ? tail2 : 1 - tail2;
    const european = side * (s * yieldDiscount * exercised1 - discountFactor * exercised2);
    const kept = 1 - yieldDiscount * exercised1;
    const error = side * (s - 1) - european - (side * kept * s) / lambda;
    const slope = side * kept * (1 - 1 / lambda) + (yieldDiscount * SQRT_TWO_PI_INVERSE * weight) / (lambda * deviation);
    const next = s - error / slope;
    // A step across 0 or the strike goes nine tenths of the way there instead; it happens only far from the root.
    const sound = next > 0 && side * (next - 1) > 0;
    const moved = sound ? next : 0.1 * s + 0.9 * (right === CALL || next > 0 ? 1 : 0);
    if (!(moved > 0)) return s;
    const done = Math.abs(moved - s) <= TOLERANCE * s;
    s = moved;
    if (done) break;
  }
  if (s > 0 && s < Number.POSITIVE_INFINITY) lastCritical[right] = s;
  return s;
}

function seed(right: 0 | 1, volatility: number, { yearFraction, rootTime, rate, dividendYield }: AmericanTerms): number {
  const variance = volatility * volatility;
  const carry = rate - dividendYield;
  const spread = 2 * volatility * rootTime;
  const beta = (2 * carry) / variance - 1;
  const root = Math.sqrt(beta * beta + (8 * Math.max(rate, 0)) / variance);
  const exponent = 0.5 * (-beta + (right === CALL ? root : -root));
  const perpetual = 1 / (1 - 1 / exponent);
  if (right === CALL) {
    if (!(perpetual > 1 && perpetual < Number.POSITIVE_INFINITY)) return 1 + spread;
    return 1 + (perpetual - 1) * -Math.expm1(-(carry * yearFraction + spread) / (perpetual - 1));
  }
  if (!(perpetual > 0 && perpetual < 1)) return 1 / (1 + spread);
  return perpetual + (1 - perpetual) * Math.exp((carry * yearFraction - spread) / (1 - perpetual));
}
