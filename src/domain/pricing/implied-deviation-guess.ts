import { inverseNormalCdf } from './inverse-normal-cdf.ts';
import { normalCdf, normalPdf } from './normal-distribution.ts';
import { normalisedBlack, normalisedVega } from './normalised-black.ts';
import { controlForLeftCurvature, controlForRightCurvature, rationalCubic } from './rational-cubic.ts';

const TWO_PI = 2 * Math.PI;
const TWO_PI_OVER_SQRT_27 = TWO_PI / Math.sqrt(27);
const SQRT_THREE = Math.sqrt(3);
const SQRT_HALF_PI = Math.sqrt(Math.PI / 2);

/**
 * First guess of the total deviation s with b(x, s) = beta, mostly within 1 % of it and never worse than about 10 %: the four-segment rational guess of P. Jäckel, "Let's Be Rational"
 * (2015), section 4. The segments meet at s_c = √(2|x|), where vega is largest, and where the tangent there reaches 0 and the maximum.
 *
 * @param beta normalised out-of-the-money price, 0 < beta < exp(x/2)
 * @param x ln(F/K) of an out-of-the-money call, ≤ 0
 */
export function guessImpliedDeviation(beta: number, x: number): number {
  const centre = Math.sqrt(-2 * x);
  const priceCentre = normalisedBlack(x, centre);
  const vegaCentre = normalisedVega(x, centre);
  if (beta < priceCentre) return guessBelowCentre(beta, x, centre, priceCentre, vegaCentre);
  return guessAboveCentre(beta, x, centre, priceCentre, vegaCentre);
}

function guessBelowCentre(beta: number, x: number, centre: number, priceCentre: number, vegaCentre: number): number {
  const low = centre - priceCentre / vegaCentre;
  const priceLow = normalisedBlack(x, low);
  if (beta >= priceLow) {
    const slopeLow = 1 / normalisedVega(x, low);
    const slopeCentre = 1 / vegaCentre;
    const control = controlForRightCurvature(priceLow, priceCentre, low, centre, slopeLow, slopeCentre, 0, false);
    return rationalCubic(beta, priceLow, priceCentre, low, centre, slopeLow, slopeCentre, control);
  }
  // The lower map f(b) = 2π/√27·|x|·N(-|x|/(√3·s))³ makes price against deviation nearly linear near 0.
  const z = -x / (SQRT_THREE * low);
  const y = z * z;
  const s2 = low * low;
  const tail = normalCdf(-z);
  const map = TWO_PI_OVER_SQRT_27 * -x * tail * tail * tail;
  const slope = TWO_PI * y * tail * tail * Math.exp(y + 0.125 * s2);
  const curvature =
    (((Math.PI / 6) * y) / (s2 * low)) *
    tail *
    (8 * SQRT_THREE * low * -x + ((3 * s2 * (s2 - 8) - 8 * x * x) * tail) / normalPdf(z)) *
    Math.exp(2 * y + 0.25 * s2);
  const control = controlForRightCurvature(0, priceLow, 0, map, 1, slope, curvature, true);
  let value = rationalCubic(beta, 0, priceLow, 0, map, 1, slope, control);
  if (!(value > 0)) {
    const t = beta / priceLow;
    value = (map * t + priceLow * (1 - t)) * t;
  }
  return Math.abs(x / (SQRT_THREE * inverseNormalCdf(Math.cbrt(value / (TWO_PI_OVER_SQRT_27 * -x)))));
}

function guessAboveCentre(beta: number, x: number, centre: number, priceCentre: number, vegaCentre: number): number {
  const maximum = Math.exp(0.5 * x);
  const high = vegaCentre > Number.MIN_VALUE ? centre + (maximum - priceCentre) / vegaCentre : centre;
  const priceHigh = normalisedBlack(x, high);
  if (beta <= priceHigh) {
    const slopeCentre = 1 / vegaCentre;
    const slopeHigh = 1 / normalisedVega(x, high);
    const control = controlForLeftCurvature(priceCentre, priceHigh, centre, high, slopeCentre, slopeHigh, 0, false);
    return rationalCubic(beta, priceCentre, priceHigh, centre, high, slopeCentre, slopeHigh, control);
  }
  // The upper map f(b) = N(-s/2) makes it nearly linear near the maximum price.
  const map = normalCdf(-0.5 * high);
  const w = (x / high) * (x / high);
  const slope = -0.5 * Math.exp(0.5 * w);
  const curvature = (SQRT_HALF_PI * Math.exp(w + 0.125 * high * high) * w) / high;
  let value = -1;
  if (Number.isFinite(curvature)) {
    const control = controlForLeftCurvature(priceHigh, maximum, map, 0, slope, -0.5, curvature, true);
    value = rationalCubic(beta, priceHigh, maximum, map, 0, slope, -0.5, control);
  }
  if (!(value > 0)) {
    const width = maximum - priceHigh;
    const t = (beta - priceHigh) / width;
    value = (map * (1 - t) + 0.5 * width * t) * (1 - t);
  }
  return -2 * inverseNormalCdf(value);
}
