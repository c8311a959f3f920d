import { plainStringEnd } from './json-bytes.ts';

const QUOTE = 34;
/** More keys than this in one object are no shape that anything here is written in. */
const MAXIMUM_KEYS = 64;

/** Reads the keys of objects that nearly all have the same ones in the same order: each is compared with the key that stood there in the object before. */
export interface KeyReader {
  /**
   * Reads the key number `index` of an object, whose opening quote is at `from`.
   * @returns behind its closing quote; -1 when there is none there or it is not of printable ASCII without escapes
   */
  read(index: number, from: number): number;
  /** What the key read last at this index means. */
  meaning(index: number): number;
}

/** @param meaningOf asked when another key than before stands at an index */
export function createKeyReader(bytes: Buffer, meaningOf: (key: string) => number): KeyReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts = new Int32Array(MAXIMUM_KEYS);
  /** With the closing quote; 0: not met yet. */
  const lengths = new Int32Array(MAXIMUM_KEYS);
  const meanings = new Int32Array(MAXIMUM_KEYS);

  function learn(index: number, from: number): number {
    const end = plainStringEnd(bytes, from);
    if (end < 0 || index >= MAXIMUM_KEYS) return -1;
    starts[index] = from;
    lengths[index] = end + 1 - from;
    meanings[index] = meaningOf(bytes.toString('latin1', from, end));
    return end + 1;
  }

  return {
    read(index, from) {
      if (bytes[from] !== QUOTE) return -1;
      const first = from + 1;
      const known = starts[index]!;
      const length = lengths[index]!;
      if (index >= MAXIMUM_KEYS || length === 0) return learn(index, first);
      if (first + length > bytes.length) return -1;
      let i = 0;
      // Four bytes at a time: keys are half of what there is to read.
      for (; i + 4 <= length; i += 4) if (view.getInt32(known + i) !== view.getInt32(first + i)) return learn(index, first);
      for (; i < length; i++) if (bytes[known + i] !== bytes[first + i]) return learn(index, first);
      return first + length;
    },
    meaning: (index) => meanings[index]!,
  };
}
