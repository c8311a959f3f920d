import { copyInto, copyJson, copyNumber, copyString, copyTimestamp } from '../../db/copy-text.ts';
import type { ScanReport, ScanReportDraft } from '../../domain/results/scan-report.ts';
import type { StreamDefinition } from '../stream-log/stream-definition.ts';

const COLUMNS = 'sequence, reported_at, id, symbol, scan_run_id, quoted_at, duration_ms, contracts, candidates, filters, strategies';

/** The durable stream of how scans of chains went. */
export const scanReportStream: StreamDefinition<ScanReportDraft, ScanReport> = {
  name: 'scan-reports',
  toRow: (draft, sequence, atMs) => ({ ...draft, sequence, reportedAtMs: atMs }),
  position: ({ reportedAtMs, sequence }) => ({ atMs: reportedAtMs, sequence }),
  async insert(transaction, rows) {
    await copyInto(transaction, 'scan_reports', COLUMNS, rows.map(lineOf));
  },
  async select(sql, after, limit) {
    const at = sql.typed.timestamptz(after.atMs);
    return sql<ScanReport[]>`
      select sequence, reported_at as "reportedAtMs", id, symbol, scan_run_id as "scanRunId", quoted_at as "quotedAtMs", duration_ms as "durationMs", contracts,
        candidates, filters, strategies
      from scan_reports
      where reported_at >= ${at} and (reported_at, sequence) > (${at}, ${after.sequence}) order by reported_at, sequence limit ${limit}`;
  },
};

function lineOf({
  sequence,
  reportedAtMs,
  id,
  symbol,
  scanRunId,
  quotedAtMs,
  durationMs,
  contracts,
  candidates,
  filters,
  strategies,
}: ScanReport): string {
  const scan = `${sequence}\t${copyTimestamp(reportedAtMs)}\t${id}\t${copyString(symbol)}\t${scanRunId}\t${copyTimestamp(quotedAtMs)}`;
  return `${scan}\t${copyNumber(durationMs)}\t${contracts}\t${candidates}\t${copyJson(filters)}\t${copyJson(strategies)}\n`;
}
