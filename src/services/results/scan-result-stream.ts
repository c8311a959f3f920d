import { copyInto } from '../../db/copy-text.ts';
import type { ScanResult, ScanResultDraft } from '../../domain/results/scan-result.ts';
import type { StreamDefinition } from '../stream-log/stream-definition.ts';
import { SCAN_RESULT_COLUMNS, SCAN_RESULT_SELECTION, scanResultFromTuple, scanResultLine } from './scan-result-columns.ts';

/** The durable stream of scan results. */
export const scanResultStream: StreamDefinition<ScanResultDraft, ScanResult> = {
  name: 'scan-results',
  toRow: (draft, sequence, atMs) => ({ ...draft, sequence, detectedAtMs: atMs }),
  position: (row) => ({ atMs: row.detectedAtMs, sequence: row.sequence }),
  async insert(transaction, rows) {
    let text = '';
    for (const row of rows) text += scanResultLine(row);
    await copyInto(transaction, 'scan_results', SCAN_RESULT_COLUMNS, text);
  },
  async select(sql, after, limit) {
    const tuples = await sql
      .unsafe(
        `select ${SCAN_RESULT_SELECTION} from scan_results where (detected_at, sequence) > ($1::timestamptz, $2::bigint)
         order by detected_at, sequence limit $3`,
        [new Date(after.atMs), after.sequence, limit],
        { prepare: true },
      )
      .values();
    return tuples.map(scanResultFromTuple);
  },
};
