import { randomBits } from './random-bits.ts';

/** Uniform variate of a stream at a place, strictly between 0 and 1: (bits + ½)/2³². */
export function uniform(key: number, counter: number): number {
  return (randomBits(key, counter) + 0.5) / 4_294_967_296;
}
