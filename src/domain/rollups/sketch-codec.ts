/**
 * Sketches as bytes: a version, then for each bin that has values, in order: the distance to the bin before (of the first: its number, zigzag), doubled, plus 1 when it
 * has more than one value, and then their count. All are varints (7 bits a byte, lowest first). A bin with one value takes a byte or two.
 */
const VERSION = 1;
/** Of a token and a count of up to 2^53 each. */
const LONGEST_BIN_BYTES = 16;

let scratch = new Uint8Array(4_096);

/** @param bins ascending numbers of bins @param counts of their values, 1 or more @param length how many of the bins count */
export function encodeSketch(bins: readonly number[], counts: readonly number[], length = bins.length): Uint8Array {
  const most = 1 + length * LONGEST_BIN_BYTES;
  if (scratch.length < most) scratch = new Uint8Array(2 * most);
  scratch[0] = VERSION;
  let bytes = 1;
  let before = 0;
  for (let index = 0; index < length; index++) {
    const bin = bins[index]!;
    const count = counts[index]!;
    const distance = index === 0 ? zigzag(bin) : bin - before;
    bytes = writeVarint(2 * distance + (count > 1 ? 1 : 0), bytes);
    if (count > 1) bytes = writeVarint(count, bytes);
    before = bin;
  }
  // Out of the pool of buffers: memory of its own would cost more than all of the above.
  return Buffer.from(scratch.subarray(0, bytes));
}

/** Calls with each bin, ascending. @throws RangeError for bytes that are no sketch */
export function decodeSketch(bytes: Uint8Array, onBin: (bin: number, count: number) => void): void {
  if (bytes[0] !== VERSION) throw new RangeError(`expected a sketch of version ${VERSION}, got version ${bytes[0]}`);
  let place = 1;
  const readVarint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      if (place >= bytes.length) throw new RangeError(`expected another byte of a sketch, got its end after ${bytes.length}`);
      const byte = bytes[place++]!;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  let bin = 0;
  for (let isFirst = true; place < bytes.length; isFirst = false) {
    const token = readVarint();
    const distance = Math.floor(token / 2);
    bin = isFirst ? unzigzag(distance) : bin + distance;
    onBin(bin, token % 2 === 1 ? readVarint() : 1);
  }
}

function writeVarint(value: number, at: number): number {
  let place = at;
  let rest = value;
  while (rest >= 128) {
    scratch[place++] = (rest % 128) + 128;
    rest = Math.floor(rest / 128);
  }
  scratch[place++] = rest;
  return place;
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function unzigzag(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}
