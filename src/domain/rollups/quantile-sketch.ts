import { quantileOfBins } from './quantile-of-bins.ts';
import { binOf } from './sketch-bin.ts';
import { decodeSketch, encodeSketch } from './sketch-codec.ts';

/**
 * How many values lie in which bin; only bins with values are kept. Sketches of parts, merged, are the sketch of the whole. A class, because tens of thousands are made
 * for a batch of rows.
 */
export class QuantileSketch {
  /** Ascending. */
  readonly #bins: number[] = [];
  readonly #counts: number[] = [];
  /** Where the last bin was found: neighbours often come one after the other. */
  #place = 0;

  /** @param value finite */
  add(value: number): void {
    this.addToBin(binOf(value), 1);
  }

  /** @param bin what `binOf` says */
  addToBin(bin: number, count: number): void {
    const place = this.#placeOf(bin);
    if (this.#bins[place] === bin) {
      this.#counts[place]! += count;
    } else if (place === this.#bins.length) {
      this.#bins.push(bin);
      this.#counts.push(count);
    } else {
      this.#bins.splice(place, 0, bin);
      this.#counts.splice(place, 0, count);
    }
    this.#place = place;
  }

  /** @param encoded what `encode` of another sketch said @throws RangeError for other bytes */
  merge(encoded: Uint8Array): void {
    decodeSketch(encoded, (bin, count) => this.addToBin(bin, count));
  }

  /** See `quantileOfBins`. @param share in [0, 1] @param total how many values there are */
  quantile(share: number, total: number): number {
    return quantileOfBins(this.#bins, this.#counts, this.#bins.length, share, total);
  }

  encode(): Uint8Array {
    return encodeSketch(this.#bins, this.#counts);
  }

  /** The place of the first bin that is not below this one. */
  #placeOf(bin: number): number {
    const bins = this.#bins;
    let low = 0;
    let high = bins.length;
    if (this.#place < high) {
      if (bins[this.#place]! >= bin) high = this.#place;
      else low = this.#place + 1;
      if (bins[this.#place] === bin) return this.#place;
      if (low < high && bins[low]! >= bin) return low;
    }
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bins[middle]! < bin) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
