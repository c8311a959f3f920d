import { CALL } from '../chain/chain-snapshot.ts';
import { black76Price } from './black76.ts';
import { normalCdf, normalPdf } from './normal-distribution.ts';

const MAXIMUM_STEPS = 50;
const TOLERANCE = 1e-10;

/**
 * λ of the quadratic approximation: the exponent of the early-exercise premium, > 1 for calls and < 0 for puts. Written with r/(1 - e^(-rT)), which has the
 * limit 1/T, so that a rate of 0 is no special case for the caller.
 */
export function premiumExponent(right: 0 | 1, yearFraction: number, volatility: number, rate: number, dividendYield: number): number {
  const variance = volatility * volatility;
  const beta = (2 * (rate - dividendYield)) / variance;
  const growth = rate === 0 ? 1 / yearFraction : rate / -Math.expm1(-rate * yearFraction);
  const root = Math.sqrt((beta - 1) * (beta - 1) + (8 * growth) / variance);
  return 0.5 * (1 - beta + (right === CALL ? root : -root));
}

/**
 * The price of the underlying, per 1.00 of strike, at and beyond which immediate exercise is best: G. Barone-Adesi and R. E. Whaley, "Efficient analytic
 * approximation of American option values" (Journal of Finance 42, 1987), solved by Newton's method from the seed of Haug, "The Complete Guide to Option
 * Pricing Formulas" (2007), section 3.1. It depends on no strike. Needs a call with a dividend yield > 0 or a put with a rate > 0 (else there is none).
 */
export function criticalPrice(right: 0 | 1, yearFraction: number, volatility: number, rate: number, dividendYield: number): number {
  const side = right === CALL ? 1 : -1;
  const lambda = premiumExponent(right, yearFraction, volatility, rate, dividendYield);
  const deviation = volatility * Math.sqrt(yearFraction);
  const discount = Math.exp(-rate * yearFraction);
  const yieldDiscount = Math.exp(-dividendYield * yearFraction);
  const growth = yieldDiscount / discount;
  let s = seed(right, yearFraction, volatility, rate, dividendYield);
  for (let step = 0; step < MAXIMUM_STEPS; step++) {
    const d1 = Math.log(s * growth) / deviation + 0.5 * deviation;
    const kept = 1 - yieldDiscount * normalCdf(side * d1);
    const european = black76Price(right, s * growth, 1, yearFraction, volatility, discount);
    const error = side * (s - 1) - european - (side * kept * s) / lambda;
    const slope = side * kept * (1 - 1 / lambda) + (yieldDiscount * normalPdf(d1)) / (lambda * deviation);
    const next = s - error / slope;
    // A step across 0 or into the other side's region is cut to a tenth of the way; it happens only far from the root.
    const kind = side * (next - 1) > 0 && next > 0;
    const moved = kind ? next : right === CALL ? 1 + 0.1 * (s - 1) : 0.1 * s + 0.9 * Math.min(1, Math.max(next, 0));
    if (!(moved > 0)) return s;
    if (Math.abs(moved - s) <= TOLERANCE * s) return moved;
    s = moved;
  }
  return s;
}

function seed(right: 0 | 1, yearFraction: number, volatility: number, rate: number, dividendYield: number): number {
  const variance = volatility * volatility;
  const carry = rate - dividendYield;
  const spread = 2 * volatility * Math.sqrt(yearFraction);
  const beta = (2 * carry) / variance - 1;
  const root = Math.sqrt(beta * beta + (8 * Math.max(rate, 0)) / variance);
  const exponent = 0.5 * (-beta + (right === CALL ? root : -root));
  const perpetual = 1 / (1 - 1 / exponent);
  if (right === CALL) {
    if (!(perpetual > 1) || !Number.isFinite(perpetual)) return 1 + spread;
    return 1 + (perpetual - 1) * -Math.expm1(-(carry * yearFraction + spread) / (perpetual - 1));
  }
  if (!(perpetual > 0 && perpetual < 1)) return 1 / (1 + spread);
  return perpetual + (1 - perpetual) * Math.exp((carry * yearFraction - spread) / (1 - perpetual));
}
