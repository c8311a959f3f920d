import { createDatabase } from '../../src/db/client.ts';
import type { ScanResult, ScanResultDraft } from '../../src/domain/results/scan-result.ts';
import { scanResultStream } from '../../src/services/results/scan-result-stream.ts';
import { createStreamLog } from '../../src/services/stream-log/stream-log.ts';

/** Stores results as another process would, without telling anybody. */
export interface ResultAppender {
  append(drafts: readonly ScanResultDraft[]): Promise<ScanResult[]>;
  /** The numbers of all stored rows, in order. */
  stored(): Promise<number[]>;
  close(): Promise<void>;
}

export function createResultAppender(databaseUrl: string): ResultAppender {
  const database = createDatabase({ url: databaseUrl, poolSize: 2, statementTimeoutMs: 20_000, applicationName: 'result-appender' });
  const streamLog = createStreamLog({ sql: database.sql });
  return {
    append: (drafts) => database.sql.begin((transaction) => streamLog.append(transaction, scanResultStream, drafts, Date.now())),
    stored: async () =>
      (await database.sql<{ sequence: number }[]>`select sequence from scan_results order by sequence`).map((row) => row.sequence),
    close: database.close,
  };
}
