import { guessImpliedDeviation } from './implied-deviation-guess.ts';
import { normalCdf } from './normal-distribution.ts';
import { blackOverVega, normalisedVega } from './normalised-black.ts';

const LOG_SQRT_TWO_PI = 0.5 * Math.log(2 * Math.PI);
/** Two fourth-order steps reach full precision from the rational guess. A start so far off that eight are not enough is halved in between. */
const PLAIN_STEPS = 8;
const MAXIMUM_STEPS = 160;
/** A fourth-order step of this relative size, weighted by the curvature, leaves an error far below 1e-16. */
const LAST_STEP = 3e-5;
/** No price that a double can tell from the maximum needs as much. */
const LARGEST_GUESS = 1e4;

/**
 * Total deviation s = σ√T with b(x, s) = beta, to the accuracy that beta itself allows: P. Jäckel, "Let's Be Rational" (2015), with his rational guess and
 * his third-order Householder steps, on ln b below half of the maximum price and on ln(maximum - b) above it, so that neither underflows.
 *
 * @param beta normalised out-of-the-money price: undiscounted time value divided by √(F·K)
 * @param x -|ln(F/K)|
 * @returns NaN when beta ≤ 0 or beta ≥ exp(x/2), the price of an infinite volatility
 */
export function impliedDeviation(beta: number, x: number): number {
  const maximum = Math.exp(0.5 * x);
  if (!(beta > 0 && beta < maximum)) return Number.NaN;
  const guess = guessImpliedDeviation(beta, x);
  // The maps of the guess underflow for prices at the edge of the doubles; s ≈ |x|/√(-2·ln b) is the limit for vanishing prices.
  const start =
    guess > 0 && guess < LARGEST_GUESS ? guess : beta < 0.5 * maximum ? -x / Math.sqrt(-2 * Math.log(beta)) : Math.sqrt(-2 * x) + 10;
  return impliedDeviationFrom(start, beta, x, maximum);
}

/**
 * As impliedDeviation, starting from a guess > 0 that the caller has: from a neighbouring strike's deviation one or two steps are enough.
 *
 * @param beta 0 < beta < maximum
 * @param maximum exp(x/2)
 */
export function impliedDeviationFrom(guess: number, beta: number, x: number, maximum: number): number {
  return beta <= 0.5 * maximum ? solveLower(guess, beta, x) : solveUpper(guess, beta, x, maximum);
}

function solveLower(guess: number, beta: number, x: number): number {
  let s = guess;
  let left = 0;
  let right = Number.POSITIVE_INFINITY;
  for (let step = 0; step < MAXIMUM_STEPS; step++) {
    const h = x / s;
    const t = 0.5 * s;
    const ratio = blackOverVega(h, t);
    // One logarithm of the quotient: the difference of two would lose digits where both are large.
    const error = Math.log(ratio / beta) - 0.5 * (h * h + t * t) - LOG_SQRT_TWO_PI;
    if (error > 0) right = s;
    else left = s;
    const slope = 1 / ratio;
    const curve = (h * h) / s - 0.5 * t;
    const newton = -error * ratio;
    const halley = curve - slope;
    const third = curve * curve - (3 * h * h) / (s * s) - 0.25 + slope * (2 * slope - 3 * curve);
    const change = householder(newton, halley, third);
    const next = s + change;
    if (!(next > left && next < right) || (step >= PLAIN_STEPS && step % 2 === 0)) {
      if (error === 0 || right - left <= Number.EPSILON * s) return s;
      s = right === Number.POSITIVE_INFINITY ? 2 * s : 0.5 * (left + right);
      continue;
    }
    s = next;
    if (Math.abs(change) * (1 + h * h) <= LAST_STEP * s) return s;
  }
  return s;
}

function solveUpper(guess: number, beta: number, x: number, maximum: number): number {
  const logGap = Math.log(maximum - beta);
  let s = guess;
  let left = 0;
  let right = Number.POSITIVE_INFINITY;
  for (let step = 0; step < MAXIMUM_STEPS; step++) {
    const h = x / s;
    const t = 0.5 * s;
    const gap = maximum * normalCdf(-h - t) + normalCdf(h - t) / maximum;
    const error = logGap - Math.log(gap);
    if (error > 0) right = s;
    else left = s;
    const slope = normalisedVega(x, s) / gap;
    const curve = (h * h) / s - 0.5 * t;
    const newton = -error / slope;
    const halley = curve + slope;
    const third = curve * curve - (3 * h * h) / (s * s) - 0.25 + slope * (2 * slope + 3 * curve);
    const change = householder(newton, halley, third);
    const next = s + change;
    if (!(next > left && next < right) || (step >= PLAIN_STEPS && step % 2 === 0)) {
      if (error === 0 || right - left <= Number.EPSILON * s) return s;
      s = right === Number.POSITIVE_INFINITY ? 2 * s : 0.5 * (left + right);
      continue;
    }
    s = next;
    if (Math.abs(change) * (1 + s) <= LAST_STEP * s) return s;
  }
  return s;
}

/** Step of Householder's third-order method from Newton's step and the second and third derivative over the first. */
function householder(newton: number, halley: number, third: number): number {
  return (newton * (1 + 0.5 * halley * newton)) / (1 + newton * (halley + (third * newton) / 6));
}
