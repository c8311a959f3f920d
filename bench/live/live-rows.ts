import type { ScanResult } from '../../dist/domain/results/scan-result.js';
import { makeDrafts } from '../result-drafts.ts';
import type { LiveFilter } from './live-operation.ts';

/** As many underlyings as a busy server scans. */
export const SYMBOLS = Array.from({ length: 50 }, (_, index) => `SYM${String(index).padStart(2, '0')}`);

/** Of the filter that found all of them. */
export const LIVE_FILTER_ID = '01934a2b-0000-7000-8000-00000000f117';

const EPOCH_MS = Date.UTC(2026, 10, 20, 15, 30);

/** Rows as the stream log numbers them: the same arguments give the same rows in every process. Scores are uniform from 0 to 100. */
export function liveRows(firstSequence: number, count: number): ScanResult[] {
  return makeDrafts(count, firstSequence).map((draft, index) => {
    const sequence = firstSequence + index;
    const digits = sequence.toString(16).padStart(12, '0');
    return {
      ...draft,
      filterId: LIVE_FILTER_ID,
      id: `01934a2b-0000-7000-8000-${digits}`,
      symbol: SYMBOLS[sequence % SYMBOLS.length]!,
      metrics: { ...draft.metrics, score: (sequence * 61.803398875) % 100 },
      sequence,
      detectedAtMs: EPOCH_MS + sequence,
    };
  });
}

export function globalId(row: ScanResult): string {
  return Buffer.from(`ScanResult:${row.id}`).toString('base64');
}

/** The benchmark's own reading of a filter, by which it checks what subscribers got. */
export function isMatch(filter: LiveFilter | undefined, row: ScanResult): boolean {
  const { score } = row.metrics;
  if (filter?.symbols && !filter.symbols.in.includes(row.symbol)) return false;
  return !filter?.score || (score !== null && score >= filter.score.min && score <= filter.score.max);
}
