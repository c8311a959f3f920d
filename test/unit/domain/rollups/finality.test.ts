import { describe, expect, it } from 'vitest';
import { isBucketFinal } from '../../../../src/domain/rollups/finality.ts';

const END = 1_000_000;
const LATE = 900;

describe('a bucket is final', () => {
  it('when its source has passed its end by the lateness, however long ago by the clock', () => {
    const progress = { nowMs: 9e9, latenessMs: LATE };
    expect(isBucketFinal(END, 9e9, { ...progress, newestMs: END + LATE })).toBe(true);
    expect(isBucketFinal(END, 9e9, { ...progress, newestMs: END + LATE - 1 })).toBe(false);
  });

  it('when the clock has passed its end and nothing came for that long', () => {
    const progress = { newestMs: END - 1, latenessMs: LATE };
    expect(isBucketFinal(END, END - 10, { ...progress, nowMs: END + LATE })).toBe(true);
    expect(isBucketFinal(END, END - 10, { ...progress, nowMs: END + LATE - 1 })).toBe(false);
    expect(isBucketFinal(END, END + 500, { ...progress, nowMs: END + LATE })).toBe(false);
    expect(isBucketFinal(END, END + 500, { ...progress, nowMs: END + LATE + 500 })).toBe(true);
    expect(isBucketFinal(END, null, { ...progress, newestMs: null, nowMs: END + LATE })).toBe(true);
  });
});
