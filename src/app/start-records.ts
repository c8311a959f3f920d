import { createOpportunityTracker } from '../domain/opportunities/opportunity-tracker.ts';
import { createChainPricer } from '../domain/pricing/chain-pricer.ts';
import { createDuplicateTracker } from '../domain/results/duplicate-tracker.ts';
import { filterChangeStream } from '../services/filters/filter-change-stream.ts';
import { createFilterRegistry } from '../services/filters/filter-registry.ts';
import { createFilterService } from '../services/filters/filter-service.ts';
import { createFilterStore } from '../services/filters/filter-store.ts';
import { filtersKnown } from '../services/filters/filters-known.ts';
import { opportunityChangeStream } from '../services/opportunities/opportunity-change-stream.ts';
import { createOpportunityMetrics } from '../services/opportunities/opportunity-metrics.ts';
import { createOpportunityService } from '../services/opportunities/opportunity-service.ts';
import { createOpportunityStore } from '../services/opportunities/opportunity-store.ts';
import { createScanResultStore } from '../services/results/scan-result-store.ts';
import { scanResultStream } from '../services/results/scan-result-stream.ts';
import { createScanProcessStore } from '../services/scan-runs/scan-process-store.ts';
import { createScanProcessWatch } from '../services/scan-runs/scan-process-watch.ts';
import { scanReportStream } from '../services/scan-runs/scan-report-stream.ts';
import { createScanRunRecorder } from '../services/scan-runs/scan-run-recorder.ts';
import { createScanRunStore } from '../services/scan-runs/scan-run-store.ts';
import { createStreamWriter } from '../services/stream-log/stream-writer.ts';
import { underlyingObservationStream } from '../services/underlyings/underlying-observation-stream.ts';
import { createUnderlyingObserver } from '../services/underlyings/underlying-observer.ts';
import { createUnderlyingService } from '../services/underlyings/underlying-service.ts';
import { createUnderlyingStore } from '../services/underlyings/underlying-store.ts';
import { createVolatilityHistory } from '../services/underlyings/volatility-history.ts';
import type { Access } from './start-access.ts';
import type { Storage } from './start-storage.ts';
import type { Wiring } from './wiring.ts';

/** Positions whose last result is remembered: about 0.5 kB each. */
const REMEMBERED_RESULTS = 200_000;
/** Results read at the start, so that what was stored before a restart is not stored again. */
const WARM_UP_RESULTS = 20_000;

/** In one transaction: each changes the row of an opportunity as well, and the values of all of these are written out in one go. */
const OPPORTUNITY_CHANGES_AT_ONCE = 250;

export type Records = Awaited<ReturnType<typeof startRecords>>;

/** What is kept: filters, underlyings, runs, results, opportunities. */
export async function startRecords(
  { config, deps, lifecycle, registry, slicer, component }: Wiring,
  { embedded, database, bus, streamLog, follow }: Storage,
  { auditLog }: Access,
) {
  const { clock, random, newId } = deps;
  const { sql, writeSql, orm } = database;
  const filterRegistry = createFilterRegistry({ log: component('filters') });
  const filterFollower = follow(filterChangeStream);
  await filterFollower.start();
  lifecycle.onStop('filter follower', filterFollower.stop);
  const filterStore = createFilterStore({ orm, streamLog });
  const filters = createFilterService({
    sql: writeSql,
    store: filterStore,
    registry: filterRegistry,
    auditLog,
    follower: filterFollower,
    onCommitted: (changes) => bus.publish(filterChangeStream.name, { firstSequence: changes[0]!.sequence, rows: changes }),
    clock,
    newId,
    maximumEnabled: config.filters.maximumEnabled,
  });
  await filters.start();
  lifecycle.onStop('filters', filters.stop);
  // About as many sizes of chains as are scanned by turns.
  const pricer = createChainPricer({ maximumIdleColumns: 16 });
  const underlyings = createUnderlyingService({
    store: createUnderlyingStore({ orm }),
    history: createVolatilityHistory(),
    release: pricer.release,
    log: component('underlyings'),
    clock,
  });
  await underlyings.start();
  lifecycle.onStop('underlyings', underlyings.stop);
  const observationWriter = createStreamWriter({
    stream: underlyingObservationStream,
    table: 'underlying_observations',
    sql: writeSql,
    streamLog,
    log: component('underlyings'),
    clock,
    random,
    capacity: config.scanner.bufferResults,
    slicer,
    onCommitted: (rows) => bus.publish(underlyingObservationStream.name, { firstSequence: rows[0]!.sequence, rows }),
  });
  lifecycle.onStop('underlying observations', (remainingMs) => observationWriter.stop(remainingMs));
  const observer = createUnderlyingObserver({ writer: observationWriter, newId });
  const reportWriter = createStreamWriter({
    stream: scanReportStream,
    table: 'scan_reports',
    sql: writeSql,
    streamLog,
    log: component('scan-runs'),
    clock,
    random,
    capacity: config.scanner.bufferResults,
    slicer,
    onCommitted: (rows) => bus.publish(scanReportStream.name, { firstSequence: rows[0]!.sequence, rows }),
  });
  lifecycle.onStop('scan reports', (remainingMs) => reportWriter.stop(remainingMs));
  const processId = newId();
  const processes = createScanProcessWatch({
    store: createScanProcessStore({ orm, processId }),
    log: component('scan-runs'),
    clock,
    isAlone: embedded !== null,
  });
  await processes.start();
  lifecycle.onStop('scan processes', processes.stop);
  const runStore = createScanRunStore({ orm, processId });
  const recorder = createScanRunRecorder({ store: runStore, log: component('scan-runs') });
  lifecycle.onStop('scan runs', recorder.stop);
  const results = createScanResultStore({ sql });
  const duplicates = createDuplicateTracker({ maximumEntries: REMEMBERED_RESULTS });
  for (const result of await results.newest(WARM_UP_RESULTS)) duplicates.record(result, result.detectedAtMs);
  const writer = createStreamWriter({
    stream: scanResultStream,
    table: 'scan_results',
    sql: writeSql,
    streamLog,
    log: component('results'),
    clock,
    random,
    capacity: config.scanner.bufferResults,
    slicer,
    onCommitted: (rows) => bus.publish(scanResultStream.name, { firstSequence: rows[0]!.sequence, rows }),
  });
  lifecycle.onStop('results', (remainingMs) => writer.stop(remainingMs));
  const opportunityStore = createOpportunityStore({ sql });
  const opportunityTracker = createOpportunityTracker({ newId });
  const opportunityMetrics = createOpportunityMetrics(registry, {
    active: opportunityTracker.open,
    pending: () => opportunityWriter.pending(),
  });
  const opportunityWriter = createStreamWriter({
    stream: opportunityChangeStream,
    table: 'opportunity_changes',
    sql: writeSql,
    streamLog,
    log: component('opportunities'),
    clock,
    random,
    capacity: config.scanner.bufferResults,
    slicer,
    batchRows: OPPORTUNITY_CHANGES_AT_ONCE,
    // Rules and readers of a change look at the result it names.
    after: writer,
    onCommitted: (rows) => {
      opportunityMetrics.stored(rows);
      bus.publish(opportunityChangeStream.name, { firstSequence: rows[0]!.sequence, rows });
    },
  });
  lifecycle.onStop('opportunity changes', (remainingMs) => opportunityWriter.stop(remainingMs));
  const opportunityFollower = follow(
    opportunityChangeStream,
    filtersKnown({ registry: filterRegistry, store: filterStore }, ({ opportunity }) => opportunity),
  );
  await opportunityFollower.start();
  lifecycle.onStop('opportunity follower', opportunityFollower.stop);
  const opportunities = createOpportunityService({
    tracker: opportunityTracker,
    store: opportunityStore,
    writer: opportunityWriter,
    follower: opportunityFollower,
    activeFilters: filterRegistry.active,
    log: component('opportunities'),
    clock,
  });
  await opportunities.start();
  lifecycle.onStop('opportunities', (remainingMs) => opportunities.stop(remainingMs / 2));
  filterFollower.follow((changes) => {
    for (const { filter } of changes) opportunities.filterChanged(filter);
  });
  return {
    filterRegistry,
    filterFollower,
    filters,
    pricer,
    underlyings,
    observer,
    runStore,
    recorder,
    reportWriter,
    results,
    duplicates,
    writer,
    opportunityStore,
    opportunityFollower,
    opportunityWriter,
    opportunities,
  };
}
