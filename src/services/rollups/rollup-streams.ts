import type { RollupDimension, RollupSource } from '../../domain/rollups/rollup-metric.ts';
import { scanResultStream } from '../results/scan-result-stream.ts';
import { scanReportStream } from '../scan-runs/scan-report-stream.ts';
import { underlyingObservationStream } from '../underlyings/underlying-observation-stream.ts';

/** Under which the rollups keep their places in `stream_positions`. */
export const ROLLUP_CONSUMER = 'rollups';

/** Where the rows of a source are. Their market time is `quoted_at`, the columns of metrics are named after their properties. */
export interface RollupStream {
  /** Name of the durable stream. */
  readonly stream: string;
  readonly table: string;
  /** When a row was committed; (this, sequence) is its place in the stream. */
  readonly timeColumn: string;
  readonly dimensionColumns: Readonly<Partial<Record<RollupDimension, string>>>;
}

export const ROLLUP_STREAMS: Readonly<Record<RollupSource, RollupStream>> = {
  SCAN_RESULTS: {
    stream: scanResultStream.name,
    table: 'scan_results',
    timeColumn: 'detected_at',
    dimensionColumns: { FILTER: 'filter_id', SYMBOL: 'symbol', STRATEGY: 'strategy' },
  },
  UNDERLYINGS: {
    stream: underlyingObservationStream.name,
    table: 'underlying_observations',
    timeColumn: 'observed_at',
    dimensionColumns: { SYMBOL: 'symbol' },
  },
  SCANS: {
    stream: scanReportStream.name,
    table: 'scan_reports',
    timeColumn: 'reported_at',
    dimensionColumns: { SYMBOL: 'symbol' },
  },
};
