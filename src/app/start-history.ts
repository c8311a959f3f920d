import { createLocalTime } from '../domain/calendar/local-time.ts';
import { createAggregateService } from '../services/history/aggregate-service.ts';
import { createCorrelationService } from '../services/history/correlation-service.ts';
import { createDistributionService } from '../services/history/distribution-service.ts';
import { createLiveAggregates } from '../services/history/live-aggregates.ts';
import { createRowAggregates } from '../services/history/row-aggregates.ts';
import { createRowSummaries } from '../services/history/row-summary.ts';
import type { Records } from './start-records.ts';
import type { Rollups } from './start-rollups.ts';
import type { Scanning } from './start-scanning.ts';
import type { Storage } from './start-storage.ts';
import type { Wiring } from './wiring.ts';

/** How often a selection that is subscribed to is read at most. */
const LIVE_INTERVAL_MS = 1_000;

export type History = ReturnType<typeof startHistory>;

/** What is asked of the past: aggregates, distributions, correlations, and aggregates as they grow. */
export function startHistory(
  { config, deps: { clock }, component }: Wiring,
  { database: { sql } }: Storage,
  { filterRegistry }: Records,
  { slicer }: Scanning,
  { reader, changes, latenessMs }: Rollups,
) {
  // The first time zone loads those of all, which takes tens of milliseconds: before anybody is connected who would have to wait for it.
  createLocalTime('America/New_York').wallMs(clock());
  const aggregates = createAggregateService({ reader, rows: createRowAggregates({ sql }), slicer, clock, latenessMs });
  const liveAggregates = createLiveAggregates({
    aggregates,
    reader,
    changes,
    hiddenFilterIds: filterRegistry.hiddenFilterIds,
    log: component('history'),
    clock,
    latenessMs,
    intervalMs: LIVE_INTERVAL_MS,
    bufferBytes: config.graphql.subscriptionBufferBytes,
  });
  return {
    reader,
    aggregates,
    liveAggregates,
    distributions: createDistributionService({ summaries: createRowSummaries({ sql }), clock }),
    correlations: createCorrelationService({ aggregates }),
    subscribers: liveAggregates.subscribers,
    /** Completes every subscription. */
    stop: liveAggregates.stop,
  };
}
