import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCandidateBatch } from '../../../../src/domain/candidates/create-candidate-batch.ts';
import { METRIC_INDEX } from '../../../../src/domain/candidates/metric.ts';
import { createBestCandidates } from '../../../../src/services/scanner/best-candidates.ts';

function aBatch(scores: readonly number[]) {
  const batch = createCandidateBatch(Math.max(1, scores.length));
  batch.size = scores.length;
  for (const [row, score] of scores.entries()) {
    batch.metrics[METRIC_INDEX.score]![row] = score;
    batch.metrics[METRIC_INDEX.netCredit]![row] = score / 100;
    batch.legRow[row * 4] = Math.round(score);
  }
  return batch;
}

describe('best candidates', () => {
  it('keeps the highest scores over any number of batches, each row whole', () => {
    const score = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.array(score, { maxLength: 20 }), { maxLength: 5 }), fc.integer({ min: 1, max: 8 }), (batches, limit) => {
        const best = createBestCandidates(limit);
        for (const [index, scores] of batches.entries()) best.offer(aBatch(scores), new Uint8Array(scores.length).fill(1), index);
        const all = batches.flat().sort((a, b) => b - a);
        const kept = [...best.batch.metrics[METRIC_INDEX.score]!.subarray(0, best.batch.size)].sort((a, b) => b - a);
        expect(kept).toEqual(all.slice(0, limit));
        expect(best.outranked()).toBe(Math.max(0, all.length - limit));
        for (let row = 0; row < best.batch.size; row++) {
          const own = best.batch.metrics[METRIC_INDEX.score]![row]!;
          expect(best.batch.metrics[METRIC_INDEX.netCredit]![row]).toBe(own / 100);
          expect(best.batch.legRow[row * 4]).toBe(Math.round(own));
          expect(batches[best.expirationIndex[row]!]).toContain(own);
        }
      }),
    );
  });

  it('takes only what is selected, and no unknown score in place of a known one', () => {
    const best = createBestCandidates(1);
    best.offer(aBatch([90, 10]), Uint8Array.of(0, 1), 0);
    best.offer(aBatch([Number.NaN]), Uint8Array.of(1), 1);
    expect(best.batch.metrics[METRIC_INDEX.score]![0]).toBe(10);
  });
});
