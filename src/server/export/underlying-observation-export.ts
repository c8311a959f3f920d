import { encodeGlobalID } from '@pothos/plugin-relay';
import type { Sql } from '../../db/client.ts';
import { columnName } from '../../db/column-name.ts';
import { UNDERLYING_METRICS, type UnderlyingMetricName } from '../../domain/analytics/underlying-metric.ts';
import { createStreamRows } from '../../services/exports/stream-rows.ts';
import { underlyingObservationStream } from '../../services/underlyings/underlying-observation-stream.ts';
import type { ExportSource } from './export-source.ts';
import { createStreamExport } from './stream-export.ts';

interface Row extends Readonly<Record<UnderlyingMetricName, number | null>> {
  readonly sequence: number;
  readonly observedAtMs: number;
  readonly symbol: string;
  readonly scanRunId: string;
  readonly quotedAtMs: number;
}

const METRICS = UNDERLYING_METRICS.map(({ name }) => `${columnName(name)} as "${name}"`).join(', ');

/** What chains said of their underlyings. */
export function createUnderlyingObservationExport({ sql }: { sql: Sql }): ExportSource {
  return createStreamExport<Row>({
    name: 'underlying-observations',
    description: 'What each scan of a chain said of its underlying, in the order it was stored.',
    permission: 'READ_RESULTS',
    stream: underlyingObservationStream.name,
    rows: createStreamRows<Row>(sql, {
      table: 'underlying_observations',
      timeColumn: 'observed_at',
      selection: `sequence, observed_at as "observedAtMs", symbol, scan_run_id as "scanRunId", quoted_at as "quotedAtMs", ${METRICS}`,
    }),
    position: ({ observedAtMs, sequence }) => ({ atMs: observedAtMs, sequence }),
    fields: {
      symbol: (row) => row.symbol,
      observedAt: (row) => new Date(row.observedAtMs).toISOString(),
      quotedAt: (row) => new Date(row.quotedAtMs).toISOString(),
      scanRunId: (row) => encodeGlobalID('ScanRun', row.scanRunId),
      ...Object.fromEntries(UNDERLYING_METRICS.map(({ name }) => [name, (row: Row) => row[name]])),
    },
  });
}
