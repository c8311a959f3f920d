import { erfcx } from './complementary-error-function.ts';
import { normalCdf } from './normal-distribution.ts';

const SQRT_TWO_PI_INVERSE = 0.3989422804014327;
const SQRT_HALF_PI = 1.2533141373155003;
/** Below this half deviation the difference of two Mills ratios is taken by its Taylor series, whose omitted term is then below 1e-16 of the sum. */
const SMALL_HALF_DEVIATION = 0.2;

/**
 * Undiscounted out-of-the-money call in units of √(F·K), as a function of x = ln(F/K) ≤ 0 and the total deviation s = σ√T ≥ 0.
 * By symmetry b(-|x|, s) is also the out-of-the-money put for x ≥ 0.
 *
 * P. Jäckel, "Let's Be Rational" (Wilmott, 2015), section 6, with h = x/s, t = s/2 and the Mills ratio Y(z) = N(z)/n(z):
 * b = exp(-(h²+t²)/2)/√(2π) · [Y(h+t) - Y(h-t)]. Relative error: a few 1e-16 times max(1, h²), which is the conditioning of b itself.
 */
export function normalisedBlack(x: number, s: number): number {
  if (!(s > 0)) return s === 0 ? 0 : Number.NaN;
  const h = x / s;
  const t = 0.5 * s;
  const weight = SQRT_TWO_PI_INVERSE * Math.exp(-0.5 * (h * h + t * t));
  if (weight === 0 && h + t < 0) return 0;
  // The scaled functions would overflow where h + t is large; there nothing cancels and the plain form is exact.
  if (t >= SMALL_HALF_DEVIATION && h + t > 0.85) return normalCdf(h + t) * Math.exp(0.5 * x) - normalCdf(h - t) * Math.exp(-0.5 * x);
  return Math.max(0, weight * blackOverVega(h, t));
}

/** b(x, s)/(∂b/∂s) = Y(h+t) - Y(h-t) with h = x/s ≤ 0 and t = s/2 > 0: how far, to first order, s lies from 0 price; no exponential underflows in it. */
export function blackOverVega(h: number, t: number): number {
  if (t < SMALL_HALF_DEVIATION) return millsDifference(h, t);
  return SQRT_HALF_PI * (erfcx(-(h + t) * Math.SQRT1_2) - erfcx((t - h) * Math.SQRT1_2));
}

/** ∂b/∂s = exp(-(h²+t²)/2)/√(2π), for any sign of x. */
export function normalisedVega(x: number, s: number): number {
  if (!(s > 0)) return s === 0 && x === 0 ? SQRT_TWO_PI_INVERSE : s === 0 ? 0 : Number.NaN;
  const h = x / s;
  const t = 0.5 * s;
  return SQRT_TWO_PI_INVERSE * Math.exp(-0.5 * (h * h + t * t));
}

/**
 * Y(h+t) - Y(h-t) for h ≤ 0 and 0 < t < 0.2 by the odd Taylor terms at h. Derivatives follow Y⁽ⁿ⁺¹⁾ = n·Y⁽ⁿ⁻¹⁾ + h·Y⁽ⁿ⁾, Y′ = 1 + h·Y.
 * Most listed options need four terms; each limit is where the first omitted term reaches 1e-16 of the sum.
 */
function millsDifference(h: number, t: number): number {
  const a = 1 + h * SQRT_HALF_PI * erfcx(-h * Math.SQRT1_2);
  const g = h * h;
  const w = t * t;
  const third = (-1 + (3 + g) * a) / 6;
  const fifth = (-7 - g + (15 + g * (10 + g)) * a) / 120;
  const seventh = (-57 + g * (-18 - g) + (105 + g * (105 + g * (21 + g))) * a) / 5040;
  const rest = w < 5e-4 ? 0 : w * higherTerms(a, g, w);
  return 2 * t * Math.max(0, a + w * (third + w * (fifth + w * (seventh + rest))));
}

function higherTerms(a: number, g: number, w: number): number {
  const ninth = (-561 + g * (-285 + g * (-33 - g)) + (945 + g * (1260 + g * (378 + g * (36 + g)))) * a) / 362880;
  if (w < 3e-3) return ninth;
  const eleventh =
    (-6555 + g * (-4680 + g * (-840 + g * (-52 - g))) + (10395 + g * (17325 + g * (6930 + g * (990 + g * (55 + g))))) * a) / 39916800;
  const thirteenth =
    (-89055 +
      g * (-82845 + g * (-20370 + g * (-1926 + g * (-75 - g)))) +
      (135135 + g * (270270 + g * (135135 + g * (25740 + g * (2145 + g * (78 + g)))))) * a) /
    6227020800;
  return ninth + w * (eleventh + w * thirteenth);
}
