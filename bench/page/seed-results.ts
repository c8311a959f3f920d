import type { createDatabase } from '../../dist/db/client.js';
import { scanResultStream } from '../../dist/services/results/scan-result-stream.js';
import { createStreamLog } from '../../dist/services/stream-log/stream-log.js';
import { makeDrafts } from '../result-drafts.ts';

const BATCH_ROWS = 5_000;

/** Stores that many results, a multiple of 5,000, ten milliseconds of time for each. */
export async function seedResults(
  { sql }: ReturnType<typeof createDatabase>,
  rows: number,
  firstMs = 1_700_000_000_000,
  make: (count: number, seed: number) => ReturnType<typeof makeDrafts> = makeDrafts,
): Promise<void> {
  const log = createStreamLog({ sql });
  for (let start = 0; start < rows; start += BATCH_ROWS) {
    const drafts = make(BATCH_ROWS, start + 1);
    await sql.begin((transaction) => log.append(transaction, scanResultStream, drafts, firstMs + start * 10));
  }
  await sql.unsafe('vacuum analyze scan_results');
}
