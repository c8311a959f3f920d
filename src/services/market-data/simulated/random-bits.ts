/** 2³² divided by the golden ratio, odd: the increment of SplitMix (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). */
const GOLDEN_GAMMA = 0x9e3779b9;

/** SplitMix's finaliser for 32 bits: a bijection whose every output bit depends on every input bit. Constants: TheIronBorn, in the list of C. Wellons, hash-prospector (bias 0.108). */
function finalise(bits: number): number {
  let z = bits;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0xd35a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

/**
 * The random number at place `counter` of the stream `key`: 32 evenly distributed bits, 0 to 2³²-1. A SplitMix generator read at any place instead of one after
 * the other (a counter-based generator: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011), so that what a symbol does at a moment does not
 * depend on who asked before. Two rounds, keyed in between, keep streams of neighbouring keys apart; within a stream no number repeats before 2³² others.
 *
 * @param key any 32-bit integer; @param counter any 32-bit integer
 */
export function randomBits(key: number, counter: number): number {
  return finalise((finalise((counter + GOLDEN_GAMMA) ^ key) + Math.imul(key, GOLDEN_GAMMA) + GOLDEN_GAMMA) | 0);
}
