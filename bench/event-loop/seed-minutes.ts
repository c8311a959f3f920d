import type { createDatabase } from '../../dist/db/client.js';
import { scanResultStream } from '../../dist/services/results/scan-result-stream.js';
import { createStreamLog } from '../../dist/services/stream-log/stream-log.js';
import { LIVE_FILTER_ID } from '../live/live-rows.ts';
import { makeDrafts } from '../result-drafts.ts';

const MINUTE_MS = 60_000;
const BATCH_ROWS = 2_000;

/** Stores a result of each minute before that moment: as many buckets of a minute. */
export async function seedMinutes({ sql }: ReturnType<typeof createDatabase>, minutes: number, beforeMs: number): Promise<void> {
  // Whoever asks for a result may ask for its filter.
  await sql`
    insert into filters (id, name, description, criteria, enabled, revision, created_at, updated_at)
    values (${LIVE_FILTER_ID}, 'Benchmark', '', '{}', true, 1, now(), now())`;
  const streamLog = createStreamLog({ sql });
  for (let start = 0; start < minutes; start += BATCH_ROWS) {
    const firstMs = beforeMs - (minutes - start) * MINUTE_MS;
    const drafts = makeDrafts(Math.min(BATCH_ROWS, minutes - start), start + 1).map((draft, index) => ({
      ...draft,
      filterId: LIVE_FILTER_ID,
      quotedAtMs: firstMs + index * MINUTE_MS,
      // One of the metrics that are rolled up: each has cells of its own.
      metrics: Object.fromEntries(
        Object.entries(draft.metrics).map(([name, value]) => [name, name === 'score' ? value : null]),
      ) as typeof draft.metrics,
    }));
    await sql.begin((transaction) => streamLog.append(transaction, scanResultStream, drafts, firstMs));
  }
}
