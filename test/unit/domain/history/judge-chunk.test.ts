import { describe, expect, it } from 'vitest';
import { judgeChunk, retentionCutoffMs } from '../../../../src/domain/history/judge-chunk.ts';

const NOW = Date.UTC(2026, 10, 21);
const DAY = 86_400_000;
const CUTOFF = retentionCutoffMs(90, NOW);

const judge = (endMs: number, known: Awaited<ReturnType<Parameters<typeof judgeChunk>[2]>> = {}) =>
  judgeChunk(endMs, CUTOFF, async () => known);

describe('a chunk', () => {
  it('goes when it has ended as long ago as rows are kept, and not a millisecond earlier', async () => {
    expect(CUTOFF).toBe(NOW - 90 * DAY);
    expect(await judge(CUTOFF)).toBe('EXPIRED');
    expect(await judge(CUTOFF + 1)).toBe('NOT_EXPIRED');
  });

  it('that has not expired is not looked into', async () => {
    const read = () => Promise.reject(new Error('expected not to be asked'));
    expect(await judgeChunk(CUTOFF + 1, CUTOFF, read)).toBe('NOT_EXPIRED');
  });

  it('of a stream stays until its newest row has been rolled up', async () => {
    expect(await judge(CUTOFF, { stream: { newestSequence: 10, rolledUpTo: 9 } })).toBe('NOT_ROLLED_UP');
    expect(await judge(CUTOFF, { stream: { newestSequence: 10, rolledUpTo: 10 } })).toBe('EXPIRED');
  });

  it('of a stream stays while nothing has been rolled up, unless it is empty', async () => {
    expect(await judge(CUTOFF, { stream: { newestSequence: 1, rolledUpTo: 0 } })).toBe('NOT_ROLLED_UP');
    expect(await judge(CUTOFF, { stream: { newestSequence: null, rolledUpTo: 0 } })).toBe('EXPIRED');
  });

  it('of rollups stays for as long after it was written last', async () => {
    expect(await judge(CUTOFF, { lastWrittenMs: CUTOFF })).toBe('WRITTEN_LATELY');
    expect(await judge(CUTOFF, { lastWrittenMs: CUTOFF - 1 })).toBe('EXPIRED');
    expect(await judge(CUTOFF, { lastWrittenMs: null })).toBe('EXPIRED');
  });
});
