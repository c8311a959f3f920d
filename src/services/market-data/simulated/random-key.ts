import { randomBits } from './random-bits.ts';

/** The stream of random numbers that belongs to a name within another stream (or a seed). FNV-1a over the UTF-16 units, then mixed with the parent. */
export function randomKey(parent: number, name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return randomBits(parent, hash);
}
