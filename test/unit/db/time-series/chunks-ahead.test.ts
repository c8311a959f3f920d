import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkStartsAhead, chunkStartsBetween } from '../../../../src/db/time-series/chunks-ahead.ts';
import { chunkStartMs, TIME_SERIES_TABLES, timeSeriesTable } from '../../../../src/db/time-series/time-series-tables.ts';

const DAY = 86_400_000;
const REPORTS = timeSeriesTable('scan_reports');

const time = fc.integer({ min: Date.UTC(1960, 0, 1), max: Date.UTC(2100, 0, 1) });

describe('the chunks of a span of time', () => {
  it('hold both of its ends, and follow each other without a gap', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TIME_SERIES_TABLES), time, fc.integer({ min: 0, max: 2_000 }), (table, fromMs, days) => {
        const toMs = fromMs + days * DAY;
        const starts = chunkStartsBetween(table, fromMs, toMs);
        expect(starts[0]).toBe(chunkStartMs(table, fromMs));
        expect(starts.at(-1)! <= toMs && toMs < starts.at(-1)! + table.chunkMs).toBe(true);
        for (const [index, start] of starts.entries()) expect(start).toBe(starts[0]! + index * table.chunkMs);
      }),
    );
  });

  it('are the newest of those of a span that is too long, and none of one that ends before it begins', () => {
    const starts = chunkStartsBetween(REPORTS, 0, Date.UTC(2026, 10, 21));
    expect(starts).toHaveLength(1_000);
    expect(starts.at(-1)).toBe(Date.UTC(2026, 10, 19));
    expect(chunkStartsBetween(REPORTS, Date.UTC(2026, 10, 21), Date.UTC(2026, 9, 21))).toEqual([]);
  });

  it('of the time to come begin with that of now', () => {
    expect(chunkStartsAhead(REPORTS, Date.UTC(2026, 10, 21)).map((ms) => new Date(ms).toISOString().slice(0, 10))).toEqual([
      '2026-11-19',
      '2026-11-26',
      '2026-12-03',
    ]);
  });
});
