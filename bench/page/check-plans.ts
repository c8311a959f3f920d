import { NEWEST_FIRST, type ScanResultOrder, type ScanResultQuery } from '../../dist/services/results/scan-result-query.js';
import { createScanResultStore } from '../../dist/services/results/scan-result-store.js';
import { recordedStatements } from '../../test/support/recorded-statements.ts';

/** Chunks of which these are read in full are too small to matter. */
const FEW_ROWS = 1_000;
const PAGE_ROWS = 50;

interface HotPage {
  readonly name: string;
  readonly query: ScanResultQuery;
  readonly order?: ScanResultOrder;
  readonly cursor?: string;
  /** Chunks that it may read. */
  readonly mostChunks?: number;
}

/**
 * Explains, as they are sent, the statements of the pages that are asked for most.
 *
 * @param deepCursor far behind the newest @param dayMs a day with results, epoch milliseconds @returns how many statements were explained
 * @throws when one reads a chunk from end to end, or one that is bounded by time reads chunks of other times
 */
export async function checkPlans(url: string, deepCursor: string, dayMs: number): Promise<number> {
  const recorded = recordedStatements(url);
  try {
    const sizes = await recorded.sql<{ name: string; rows: number }[]>`
      select relname as name, reltuples as rows from pg_class where oid in (select inhrelid from pg_inherits where inhparent = 'scan_results'::regclass)`;
    const large = new Set(sizes.filter(({ rows }) => rows > FEW_ROWS).map(({ name }) => name));
    const [row] = await recorded.sql<{ filterId: string }[]>`select filter_id as "filterId" from scan_results limit 1`;
    const pages: readonly HotPage[] = [
      { name: 'the newest', query: {} },
      { name: 'far behind', query: {}, cursor: deepCursor, mostChunks: 2 },
      { name: 'of one filter', query: { filterIds: [row!.filterId] } },
      { name: 'of a day', query: { detectedFromMs: dayMs, detectedBeforeMs: dayMs + 86_400_000 }, mostChunks: 2 },
      { name: 'the best', query: {}, order: { field: 'SCORE', direction: 'DESC' } },
      {
        name: 'the best of a day',
        query: { detectedFromMs: dayMs, detectedBeforeMs: dayMs + 86_400_000 },
        order: { field: 'SCORE', direction: 'DESC' },
        mostChunks: 2,
      },
    ];
    const store = createScanResultStore({ sql: recorded.sql as never });
    for (const { name, query, order = NEWEST_FIRST, cursor = null, mostChunks } of pages) {
      const scans = await recorded.scans(() => store.page(query, order, { direction: 'forward', cursor, limit: PAGE_ROWS }));
      const read = scans.filter(({ relation }) => large.has(relation));
      const whole = read.find(({ kind }) => kind === 'Seq Scan');
      if (whole) throw new Error(`expected ${name} to be read by an index, but ${whole.relation} is read from end to end`);
      const chunks = new Set(read.map(({ relation }) => relation)).size;
      if (chunks === 0 || chunks > (mostChunks ?? large.size))
        throw new Error(`expected ${name} to read 1 to ${mostChunks} chunks, it reads ${chunks}`);
    }
    return pages.length;
  } finally {
    await recorded.close();
  }
}
