import { copyInto, copyTimestamp } from '../../db/copy-text.ts';
import type { ScanResult, ScanResultDraft } from '../../domain/results/scan-result.ts';
import type { StreamDefinition } from '../stream-log/stream-definition.ts';
import { SCAN_RESULT_COLUMNS, scanResultLineEnd, WHOLE_SCAN_RESULT } from './scan-result-columns.ts';

/** What `prepare` has encoded and `insert` has not used yet. */
const preparedLineEnds = new WeakMap<ScanResultDraft, string>();

/** The durable stream of scan results. */
export const scanResultStream: StreamDefinition<ScanResultDraft, ScanResult> = {
  name: 'scan-results',
  toRow: (draft, sequence, atMs) => ({ ...draft, sequence, detectedAtMs: atMs }),
  position: (row) => ({ atMs: row.detectedAtMs, sequence: row.sequence }),
  prepare(drafts) {
    for (const draft of drafts) if (!preparedLineEnds.has(draft)) preparedLineEnds.set(draft, scanResultLineEnd(draft));
  },
  async insert(transaction, rows, drafts) {
    await copyInto(transaction, 'scan_results', SCAN_RESULT_COLUMNS, linesOf(rows, drafts));
  },
  async select(sql, after, limit) {
    const answer = await sql
      .unsafe(
        WHOLE_SCAN_RESULT.statement(
          `where detected_at >= $1::timestamptz and (detected_at, sequence) > ($1::timestamptz, $2::bigint) order by detected_at, sequence limit $3`,
        ),
        [new Date(after.atMs), after.sequence, limit],
        { prepare: true },
      )
      .values();
    return WHOLE_SCAN_RESULT.rows(answer);
  },
};

function* linesOf(rows: readonly ScanResult[], drafts: readonly ScanResultDraft[]): Generator<string> {
  for (const [index, { sequence, detectedAtMs }] of rows.entries()) {
    const draft = drafts[index]!;
    yield `${sequence}\t${copyTimestamp(detectedAtMs)}${preparedLineEnds.get(draft) ?? scanResultLineEnd(draft)}`;
  }
}
