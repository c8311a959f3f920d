import type { CandidateBatch } from './candidate-batch.ts';

/** Turns what is not finite into NaN, unknown: a ratio may have met a denominator of 0. Infinity never leaves a batch. */
export function forgetNonFinite(batch: CandidateBatch): void {
  for (const column of batch.metrics) {
    for (let row = 0; row < batch.size; row++) {
      const value = column[row]!;
      if (value - value !== 0) column[row] = Number.NaN;
    }
  }
}
