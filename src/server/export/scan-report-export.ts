import { encodeGlobalID } from '@pothos/plugin-relay';
import type { Sql } from '../../db/client.ts';
import type { ScanReport } from '../../domain/results/scan-report.ts';
import { createStreamRows } from '../../services/exports/stream-rows.ts';
import { scanReportStream } from '../../services/scan-runs/scan-report-stream.ts';
import type { ExportSource } from './export-source.ts';
import { createStreamExport } from './stream-export.ts';

type Row = Omit<ScanReport, 'id' | 'filters'>;

/** How the scans of chains went. Not by filter: that would tell of private ones. */
export function createScanReportExport({ sql }: { sql: Sql }): ExportSource {
  return createStreamExport<Row>({
    name: 'scan-reports',
    description: 'How the scan of each chain went, in the order they were stored.',
    permission: 'READ_OPERATIONS',
    stream: scanReportStream.name,
    rows: createStreamRows<Row>(sql, {
      table: 'scan_reports',
      timeColumn: 'reported_at',
      selection: `sequence, reported_at as "reportedAtMs", symbol, scan_run_id as "scanRunId", quoted_at as "quotedAtMs", duration_ms as "durationMs", contracts,
        candidates, strategies`,
    }),
    position: ({ reportedAtMs, sequence }) => ({ atMs: reportedAtMs, sequence }),
    fields: {
      symbol: (row) => row.symbol,
      reportedAt: (row) => new Date(row.reportedAtMs).toISOString(),
      quotedAt: (row) => new Date(row.quotedAtMs).toISOString(),
      scanRunId: (row) => encodeGlobalID('ScanRun', row.scanRunId),
      durationMs: (row) => row.durationMs,
      contracts: (row) => row.contracts,
      candidates: (row) => row.candidates,
      strategies: (row) => row.strategies,
    },
  });
}
