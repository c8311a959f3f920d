import { normalCdf, normalPdf } from '../pricing/normal-distribution.ts';

/** Beyond it N is 0 or 1 within 1e-9. */
const LIMIT = 6;
const STEPS_PER_UNIT = 32;
const NODES = 2 * LIMIT * STEPS_PER_UNIT + 1;

const VALUE = Float64Array.from({ length: NODES }, (_, node) => normalCdf(node / STEPS_PER_UNIT - LIMIT));
/** Slope per step. */
const SLOPE = Float64Array.from({ length: NODES }, (_, node) => normalPdf(node / STEPS_PER_UNIT - LIMIT) / STEPS_PER_UNIT);

/**
 * Standard normal cumulative distribution by cubic Hermite interpolation between exact values and slopes, within 2e-9 (the bound h⁴/384·max|φ'''| is 1.5e-9). For
 * probabilities of tens of thousands of candidates: several times as fast as normalCdf, and small enough to be compiled into the loop that calls it.
 */
export function tabulatedNormalCdf(z: number): number {
  if (!(z > -LIMIT && z < LIMIT)) return z > 0 ? 1 : z < 0 ? 0 : Number.NaN;
  const position = (z + LIMIT) * STEPS_PER_UNIT;
  const node = Math.floor(position);
  const t = position - node;
  const rise = VALUE[node + 1]! - VALUE[node]!;
  const left = SLOPE[node]!;
  const right = SLOPE[node + 1]!;
  return VALUE[node]! + t * (left + t * (3 * rise - 2 * left - right + t * (left + right - 2 * rise)));
}
