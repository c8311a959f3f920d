import { inverseNormalCdf } from '../../../domain/pricing/inverse-normal-cdf.ts';
import { uniform } from './uniform.ts';

/** Standard normal variate of a stream at a place, by inversion (Wichura's AS 241): one random number each, so places never shift. Within ±6.34. */
export function standardNormal(key: number, counter: number): number {
  return inverseNormalCdf(uniform(key, counter));
}
