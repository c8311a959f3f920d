import type { Sql } from '../db/client.ts';
import { createScoreCalibrationService } from '../services/history/score-calibration.ts';
import { createStrikeSightingStore } from '../services/history/strike-sightings.ts';
import { createUnderlyingAnalytics } from '../services/history/underlying-analytics.ts';
import { createUnderlyingHistory } from '../services/history/underlying-history.ts';
import type { SettledOpportunityStore } from '../services/opportunities/settled-opportunities.ts';
import type { RollupReader } from '../services/rollups/rollup-reader.ts';
import type { EventLoopSlicer } from '../services/scanner/event-loop-slicer.ts';

export interface AnalyticsDeps {
  readonly sql: Sql;
  readonly reader: RollupReader;
  readonly slicer: EventLoopSlicer;
  readonly clock: () => number;
  readonly settled: SettledOpportunityStore;
}

/** What is found in the history of underlyings and in what became of opportunities. */
export function analyticsServices({ sql, reader, slicer, clock, settled }: AnalyticsDeps) {
  const underlyingHistory = createUnderlyingHistory({ reader });
  return {
    underlyingHistory,
    underlyingAnalytics: createUnderlyingAnalytics({ slicer, clock }),
    strikeSightings: createStrikeSightingStore({ sql }),
    scoreCalibrations: createScoreCalibrationService({ settled, clock }),
  };
}
