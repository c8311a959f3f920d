import { erfc } from './complementary-error-function.ts';

const SQRT_HALF = Math.SQRT1_2;
const SQRT_TWO_PI_INVERSE = 0.3989422804014327;

/** Standard normal density at z. */
export function normalPdf(z: number): number {
  return SQRT_TWO_PI_INVERSE * Math.exp(-0.5 * z * z);
}

/**
 * Standard normal cumulative distribution N(z), 0 to 1. Absolute error below 2e-16; the lower tail keeps a relative accuracy of about
 * 1e-16·max(1, z²) down to the smallest normal double (z ≈ -37). Exact limits at ±Infinity, NaN for NaN.
 */
export function normalCdf(z: number): number {
  return 0.5 * erfc(-z * SQRT_HALF);
}
