import type { createDatabase } from '../../dist/db/client.js';
import { scanResultStream } from '../../dist/services/results/scan-result-stream.js';
import { createStreamLog } from '../../dist/services/stream-log/stream-log.js';
import { makeDrafts } from '../result-drafts.ts';

const BATCHES = 20;
const BATCH_ROWS = 1_000;
const SYMBOLS = ['SPX', 'NDX', 'RUT', 'BTC', 'ETH'];
const STRATEGIES = ['BULL_PUT_SPREAD', 'BEAR_CALL_SPREAD', 'IRON_CONDOR'] as const;
/** A hundred results a second. */
const ROW_MS = 10;

/** Stores results as the scanner would, behind those that are there. @returns how many */
export async function storeLiveRows({ writeSql }: ReturnType<typeof createDatabase>, afterMs: number, round: number): Promise<number> {
  const streamLog = createStreamLog({ sql: writeSql });
  const beginMs = afterMs + round * BATCHES * BATCH_ROWS * ROW_MS;
  for (let batch = 0; batch < BATCHES; batch++) {
    const drafts = makeDrafts(BATCH_ROWS, round * BATCHES + batch + 1).map((draft, index) => ({
      ...draft,
      filterId: `01900000-0000-7000-8000-00000000000${index % 3}`,
      symbol: SYMBOLS[index % SYMBOLS.length]!,
      strategy: STRATEGIES[index % STRATEGIES.length]!,
      quotedAtMs: beginMs + (batch * BATCH_ROWS + index) * ROW_MS,
    }));
    scanResultStream.prepare?.(drafts);
    await writeSql.begin((transaction) => streamLog.append(transaction, scanResultStream, drafts, drafts.at(-1)!.quotedAtMs));
  }
  return BATCHES * BATCH_ROWS;
}
