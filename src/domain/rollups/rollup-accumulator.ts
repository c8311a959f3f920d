import { limitedSum } from './limited-sum.ts';
import { QuantileSketch } from './quantile-sketch.ts';
import type { RollupCell } from './rollup-cell.ts';
import { binOf } from './sketch-bin.ts';

/**
 * Takes values and cells together. What is told later counts as later in the stream: of several values at one moment the first one told is the first, the last one told
 * the last. A class, because tens of thousands are made for a batch of rows.
 */
export class RollupAccumulator {
  #count = 0;
  #sum = 0;
  #m2 = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #first = Number.NaN;
  #firstAtMs = Number.POSITIVE_INFINITY;
  #last = Number.NaN;
  #lastAtMs = Number.NEGATIVE_INFINITY;
  readonly #sketch = new QuantileSketch();

  get count(): number {
    return this.#count;
  }

  /** @param value finite @param atMs market time, epoch milliseconds @param bin what `binOf(value)` says, where it is known */
  add(value: number, atMs: number, bin: number = binOf(value)): void {
    // Chan's formula for a part of one value.
    if (this.#count > 0) {
      const difference = value - this.#sum / this.#count;
      this.#m2 += (difference * difference * this.#count) / (this.#count + 1);
    }
    this.#count++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    if (atMs < this.#firstAtMs) {
      this.#first = value;
      this.#firstAtMs = atMs;
    }
    if (atMs >= this.#lastAtMs) {
      this.#last = value;
      this.#lastAtMs = atMs;
    }
    this.#sketch.addToBin(bin, 1);
  }

  /**
   * Chan, Golub and LeVeque (1979), "Updating formulae and a pairwise algorithm for computing sample variances".
   * @param cell behind what has been told so far in the stream @param sketch of the same values @throws RangeError for bytes that are no sketch
   */
  merge(cell: RollupCell, sketch: Uint8Array): void {
    if (this.#count > 0) {
      const difference = cell.sum / cell.count - this.#sum / this.#count;
      this.#m2 += (difference * difference * this.#count * cell.count) / (this.#count + cell.count);
    }
    this.#m2 += cell.m2;
    this.#count += cell.count;
    this.#sum += cell.sum;
    this.#min = Math.min(this.#min, cell.min);
    this.#max = Math.max(this.#max, cell.max);
    if (cell.firstAtMs < this.#firstAtMs) {
      this.#first = cell.first;
      this.#firstAtMs = cell.firstAtMs;
    }
    if (cell.lastAtMs >= this.#lastAtMs) {
      this.#last = cell.last;
      this.#lastAtMs = cell.lastAtMs;
    }
    this.#sketch.merge(sketch);
  }

  /** What has been told so far. @throws RangeError without any value */
  cell(): RollupCell {
    if (this.#count === 0) throw new RangeError('expected at least one value in a cell, got none');
    return {
      count: this.#count,
      sum: limitedSum(this.#sum),
      min: this.#min,
      max: this.#max,
      m2: limitedSum(this.#m2),
      first: this.#first,
      firstAtMs: this.#firstAtMs,
      last: this.#last,
      lastAtMs: this.#lastAtMs,
      p50: this.quantile(0.5),
      p95: this.quantile(0.95),
      p99: this.quantile(0.99),
    };
  }

  /** See QuantileSketch; never outside of what there is. @param share in [0, 1] */
  quantile(share: number): number {
    return Math.min(this.#max, Math.max(this.#min, this.#sketch.quantile(share, this.#count)));
  }

  /** To be merged elsewhere. */
  sketch(): Uint8Array {
    return this.#sketch.encode();
  }
}
