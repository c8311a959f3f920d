import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Config } from './config/config.ts';
import { claimDataOrigin } from './db/claim-data-origin.ts';
import { createDatabase } from './db/client.ts';
import { databaseIdentity } from './db/database-identity.ts';
import { startEmbeddedPostgres } from './db/embedded/start-embedded-postgres.ts';
import { migrateWhenReachable } from './db/migrate-when-reachable.ts';
import { createCandidateGenerator } from './domain/candidates/candidate-generator.ts';
import { createCandidateBatch } from './domain/candidates/create-candidate-batch.ts';
import { createOpportunityTracker } from './domain/opportunities/opportunity-tracker.ts';
import { createChainPricer } from './domain/pricing/chain-pricer.ts';
import { createDuplicateTracker } from './domain/results/duplicate-tracker.ts';
import { scoreBatch } from './domain/scoring/score-batch.ts';
import { MAXIMUM_CANDIDATES_PER_EXPIRATION } from './domain/strategies/strategies.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';
import { createLoaders } from './loaders/loaders.ts';
import type { GraphQLServices } from './schema/context.ts';
import { createGraphQLContext } from './server/graphql-context.ts';
import { createGraphQLEndpoint, GRAPHQL_PATH } from './server/graphql-endpoint.ts';
import { createHttpServer } from './server/http-server.ts';
import { urlHost } from './server/logging/url-host.ts';
import { createOperationMetrics } from './server/operation-metrics.ts';
import { createOriginCheck } from './server/origin-check.ts';
import { startProcessMetrics } from './server/process-metrics.ts';
import { registerServiceGauges } from './server/service-gauges.ts';
import { createEventConnections } from './server/sse/event-connections.ts';
import type { StartFacts } from './server/terminal/render-start-lines.ts';
import { createWebSocketEndpoint } from './server/websocket/websocket-endpoint.ts';
import type { Bus } from './services/bus/bus.ts';
import { createBusMetrics } from './services/bus/bus-metrics.ts';
import { createInProcessBus } from './services/bus/in-process-bus.ts';
import { createRedisBus } from './services/bus/redis-bus.ts';
import { createFilterChangeStore } from './services/filters/filter-change-store.ts';
import { filterChangeStream } from './services/filters/filter-change-stream.ts';
import { createFilterRegistry } from './services/filters/filter-registry.ts';
import { createFilterService } from './services/filters/filter-service.ts';
import { createFilterStore } from './services/filters/filter-store.ts';
import { createFeed } from './services/market-data/create-feed.ts';
import { dataOriginOf } from './services/market-data/data-origin.ts';
import { createDecodeWorker } from './services/market-data/decode/decode-worker.ts';
import type { MarketDataFeed } from './services/market-data/market-data-feed.ts';
import { createOpportunityChangeStore } from './services/opportunities/opportunity-change-store.ts';
import { opportunityChangeStream } from './services/opportunities/opportunity-change-stream.ts';
import { createOpportunityMetrics } from './services/opportunities/opportunity-metrics.ts';
import { createOpportunityService } from './services/opportunities/opportunity-service.ts';
import { createOpportunityStore } from './services/opportunities/opportunity-store.ts';
import { createScanResultHistory } from './services/results/scan-result-history.ts';
import { createScanResultStore } from './services/results/scan-result-store.ts';
import { scanResultStream } from './services/results/scan-result-stream.ts';
import { createScanProcessStore } from './services/scan-runs/scan-process-store.ts';
import { createScanProcessWatch } from './services/scan-runs/scan-process-watch.ts';
import { createScanRunRecorder } from './services/scan-runs/scan-run-recorder.ts';
import { createScanRunService } from './services/scan-runs/scan-run-service.ts';
import { createScanRunStore } from './services/scan-runs/scan-run-store.ts';
import { createEventLoopSlicer } from './services/scanner/event-loop-slicer.ts';
import { createPipeline } from './services/scanner/pipeline.ts';
import { createScanRequestService } from './services/scanner/scan-request-service.ts';
import { createScanner } from './services/scanner/scanner.ts';
import { createScannerMetrics } from './services/scanner/scanner-metrics.ts';
import type { ScannerStatus } from './services/scanner/scanner-status.ts';
import type { StreamDefinition, StreamRow } from './services/stream-log/stream-definition.ts';
import { createStreamFollower } from './services/stream-log/stream-follower.ts';
import { createStreamLog } from './services/stream-log/stream-log.ts';
import { createStreamMetrics } from './services/stream-log/stream-metrics.ts';
import { createStreamWriter } from './services/stream-log/stream-writer.ts';
import { filterChangeSubject } from './services/subscriptions/filter-change-subject.ts';
import { opportunityChangeSubject } from './services/subscriptions/opportunity-change-subject.ts';
import { scanResultSubject } from './services/subscriptions/scan-result-subject.ts';
import { createStatusChannel } from './services/subscriptions/status-channel.ts';
import { createStreamChannel } from './services/subscriptions/stream-channel.ts';
import { createUnderlyingService } from './services/underlyings/underlying-service.ts';
import { createUnderlyingStore } from './services/underlyings/underlying-store.ts';
import { createVolatilityHistory } from './services/underlyings/volatility-history.ts';

const DEFAULT_PAGE_SIZE = 50;
const STATUS_INTERVAL_MS = 500;
/** A Redis that hangs is noticed within three of these. */
const BUS_LOOK_INTERVAL_MS = 1_000;
/** Newest rows of a stream kept for subscribers that join a little behind: about 3 KB each. */
const KEPT_ROWS = 2_000;
/** Positions whose last result is remembered: about 100 bytes each. */
const REMEMBERED_RESULTS = 200_000;
/** Results read at the start, so that what was stored before a restart is not stored again. */
const WARM_UP_RESULTS = 20_000;

/** What differs between a real process and a test. */
export interface AppDeps {
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
  /** Instead of the configured feed. */
  readonly feed?: MarketDataFeed;
  /** Instead of the configured bus. */
  readonly bus?: Bus;
}

export interface App {
  readonly address: AddressInfo;
  /** What runs, for the start-up lines. */
  readonly facts: Omit<StartFacts, 'version' | 'configFile'>;
  readonly registry: Registry;
  scannerStatus(): ScannerStatus;
  subscribers(): number;
  /** False when something did not stop cleanly or in time. Idempotent. */
  stop(): Promise<boolean>;
}

/** Starts everything, in the order data needs it; what has been started is stopped again when a later part fails or the signal fires. */
export async function startApp(config: Config, deps: AppDeps, signal: AbortSignal): Promise<App> {
  const { log, now } = deps;
  const lifecycle = createLifecycle({ log, now, timeoutMs: config.server.shutdownTimeoutMs });
  try {
    const app = await wire(config, deps, lifecycle, signal);
    signal.throwIfAborted();
    return app;
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

async function wire(config: Config, deps: AppDeps, lifecycle: Lifecycle, starting: AbortSignal): Promise<App> {
  const { log, clock, now, random, newId } = deps;
  const component = (name: string) => log.child({ component: name });

  const registry = new Registry();
  const processMetrics = startProcessMetrics(registry);
  lifecycle.onStop('process metrics', processMetrics.stop);

  // Storage
  const origin = dataOriginOf(deps.feed?.kind ?? config.feed.kind);
  const dataDirectory = join(config.database.dataDirectory, `postgres-${origin}`);
  const embedded = config.database.url ? null : await startEmbeddedPostgres({ dataDirectory, log: component('postgres') });
  if (embedded) lifecycle.onStop('embedded PostgreSQL', () => embedded.stop());
  starting.throwIfAborted();
  const databaseUrl = config.database.url ?? embedded!.url;
  await migrateWhenReachable({ url: databaseUrl, log: component('migrations'), signal: starting });
  const database = createDatabase({
    url: databaseUrl,
    poolSize: config.database.poolSize,
    statementTimeoutMs: config.database.statementTimeoutMs,
    applicationName: 'strikewire',
  });
  lifecycle.onStop('database', database.close);
  const { sql, writeSql, orm } = database;
  await claimDataOrigin(orm, { origin, allowChange: config.database.allowFeedChange, nowMs: clock() });

  // Events between processes
  const busMetrics = createBusMetrics(registry);
  const bus =
    deps.bus ??
    (config.redis.url
      ? createRedisBus({
          url: config.redis.url,
          description: urlHost(config.redis.url),
          databaseIdentity: await databaseIdentity(sql),
          processId: newId(),
          log: component('bus'),
          metrics: busMetrics,
          random,
          lookIntervalMs: BUS_LOOK_INTERVAL_MS,
        })
      : createInProcessBus({ log: component('bus') }));
  await bus.start();
  lifecycle.onStop('bus', bus.stop);

  const streamLog = createStreamLog({ sql: writeSql });
  const streamMetrics = createStreamMetrics(registry);
  const follow = <Row extends StreamRow>(stream: StreamDefinition<never, Row>) =>
    createStreamFollower({
      stream,
      streamLog,
      bus,
      log: component('streams'),
      metrics: streamMetrics,
      pollIntervalMs: config.database.pollIntervalMs,
      keptRows: KEPT_ROWS,
    });

  // Filters, underlyings, runs, results
  const filterRegistry = createFilterRegistry({ log: component('filters') });
  const filterFollower = follow(filterChangeStream);
  await filterFollower.start();
  lifecycle.onStop('filter follower', filterFollower.stop);
  const filters = createFilterService({
    store: createFilterStore({ sql, orm, streamLog }),
    registry: filterRegistry,
    follower: filterFollower,
    onCommitted: (changes) => bus.publish(filterChangeStream.name, { firstSequence: changes[0]!.sequence, rows: changes }),
    clock,
    newId,
    maximumEnabled: config.filters.maximumEnabled,
  });
  await filters.start();
  lifecycle.onStop('filters', filters.stop);
  const underlyings = createUnderlyingService({
    store: createUnderlyingStore({ orm }),
    history: createVolatilityHistory(),
    log: component('underlyings'),
    clock,
  });
  await underlyings.start();
  lifecycle.onStop('underlyings', underlyings.stop);
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
  for (const result of await results.newest(WARM_UP_RESULTS)) duplicates.record(result);
  const writer = createStreamWriter({
    stream: scanResultStream,
    table: 'scan_results',
    sql: writeSql,
    streamLog,
    log: component('results'),
    clock,
    random,
    capacity: config.scanner.bufferResults,
    onCommitted: (rows) => bus.publish(scanResultStream.name, { firstSequence: rows[0]!.sequence, rows }),
  });
  lifecycle.onStop('results', (remainingMs) => writer.stop(remainingMs));
  const opportunityStore = createOpportunityStore({ sql });
  const opportunityTracker = createOpportunityTracker({ newId });
  const opportunityMetrics = createOpportunityMetrics(registry, opportunityTracker.open);
  const opportunityWriter = createStreamWriter({
    stream: opportunityChangeStream,
    table: 'opportunity_changes',
    sql: writeSql,
    streamLog,
    log: component('opportunities'),
    clock,
    random,
    capacity: config.scanner.bufferResults,
    onCommitted: (rows) => {
      opportunityMetrics.stored(rows);
      bus.publish(opportunityChangeStream.name, { firstSequence: rows[0]!.sequence, rows });
    },
  });
  lifecycle.onStop('opportunity changes', (remainingMs) => opportunityWriter.stop(remainingMs));
  const opportunities = createOpportunityService({
    tracker: opportunityTracker,
    store: opportunityStore,
    writer: opportunityWriter,
    activeFilters: filterRegistry.active,
    log: component('opportunities'),
    clock,
  });
  await opportunities.start();
  lifecycle.onStop('opportunities', opportunities.stop);
  filterFollower.follow((changes) => {
    for (const { filter } of changes) opportunities.filterChanged(filter);
  });

  // Scanner
  const decodeWorker = createDecodeWorker({ log: component('decode') });
  lifecycle.onStop('decode worker', decodeWorker.stop);
  const feed = deps.feed ?? createFeed({ config: config.feed, decodeWorker, log: component('feed'), clock, random });
  lifecycle.onStop('feed', feed.stop);
  await feed.start(starting);
  const scannerMetrics = createScannerMetrics(registry);
  const scanner = createScanner({
    feed,
    scanChain: createPipeline({
      feed,
      pricer: createChainPricer(),
      generator: createCandidateGenerator(),
      scoreBatch,
      createBatch: () => createCandidateBatch(MAXIMUM_CANDIDATES_PER_EXPIRATION),
      filters: filterRegistry,
      underlyings,
      duplicates,
      writer,
      opportunities,
      clock,
      slicer: createEventLoopSlicer({ budgetMs: config.scanner.sliceMs, now }),
      metrics: scannerMetrics,
      newId,
      resultsPerFilter: config.scanner.resultsPerFilter,
    }),
    recorder,
    writer,
    metrics: scannerMetrics,
    log: component('scanner'),
    clock,
    newId,
    random,
    concurrency: config.scanner.concurrency,
    minimumIntervalMs: config.scanner.minimumIntervalMs,
    longestBackoffMs: config.scanner.backoffMaximumMs,
    symbols: config.feed.symbols.length > 0 ? config.feed.symbols : null,
  });
  lifecycle.onStop('scanner', (remainingMs) => scanner.close(remainingMs / 2));
  scanner.open();

  // API
  const resultFollower = follow(scanResultStream);
  await resultFollower.start();
  lifecycle.onStop('result follower', resultFollower.stop);
  const liveResults = createStreamChannel({
    subject: scanResultSubject(createScanResultHistory({ sql })),
    follower: resultFollower,
    head: () => streamLog.head(scanResultStream.name),
    now,
    replayLimit: config.graphql.replayLimit,
  });
  const opportunityFollower = follow(opportunityChangeStream);
  await opportunityFollower.start();
  lifecycle.onStop('opportunity follower', opportunityFollower.stop);
  const opportunityChanges = createOpportunityChangeStore({ sql });
  const liveOpportunities = createStreamChannel({
    subject: opportunityChangeSubject(opportunityChanges),
    follower: opportunityFollower,
    head: () => streamLog.head(opportunityChangeStream.name),
    now,
    replayLimit: config.graphql.replayLimit,
  });
  const filterChanges = createFilterChangeStore({ sql });
  const liveFilterChanges = createStreamChannel({
    subject: filterChangeSubject(filterChanges),
    follower: filterFollower,
    head: () => streamLog.head(filterChangeStream.name),
    now,
    replayLimit: config.graphql.replayLimit,
  });
  const liveScanner = createStatusChannel({ name: 'scanner', read: scanner.status, intervalMs: STATUS_INTERVAL_MS });
  const subscribers = () =>
    liveResults.subscribers() + liveOpportunities.subscribers() + liveFilterChanges.subscribers() + liveScanner.subscribers();
  registerServiceGauges(registry, {
    subscriptions: subscribers,
    pendingResults: writer.pending,
    isStoring: writer.isHealthy,
    isBusConnected: bus.isHealthy,
    contractsPerSecond: () => scanner.status().contractsPerSecond,
  });
  const services: GraphQLServices = {
    filters,
    filterChanges,
    liveFilterChanges,
    opportunities: opportunityStore,
    opportunityChanges,
    liveOpportunities,
    results,
    liveResults,
    scanRuns: createScanRunService({ store: runStore, liveRun: scanner.liveRun }),
    scanRequests: createScanRequestService({
      scanner,
      knownSymbols: async (signal) => new Set((await feed.listUnderlyings(signal)).map((underlying) => underlying.symbol)),
      filters,
      store: runStore,
      clock,
      newId,
      maximumQueued: config.scanner.maximumQueuedRequests,
    }),
    scanner,
    liveScanner,
    underlyings,
    pageLimits: { defaultSize: Math.min(DEFAULT_PAGE_SIZE, config.graphql.maximumPageSize), maximumSize: config.graphql.maximumPageSize },
    deliveryLimits: { maximumBuffer: config.graphql.subscriptionBufferEvents, bufferBytes: config.graphql.subscriptionBufferBytes },
  };
  const newContext = createGraphQLContext({ services, newLoaders: () => createLoaders(services) });
  const operationMetrics = createOperationMetrics(registry);
  const eventConnections = createEventConnections({ newToken: randomUUID });
  const endpoint = createGraphQLEndpoint({
    newContext,
    operationMetrics,
    eventConnections,
    log: component('graphql'),
    newId,
    corsOrigins: config.server.corsOrigins,
    introspection: config.graphql.introspection,
    bodyLimitBytes: config.server.bodyLimitBytes,
  });
  const http = createHttpServer({
    endpoint,
    registry,
    log: component('http'),
    newId,
    graphiql: config.graphql.graphiql,
    readiness: [
      {
        name: 'database',
        required: true,
        check: async () => {
          await database.ping();
          return { ok: true, detail: embedded ? 'embedded' : 'external' };
        },
      },
      {
        name: 'results',
        required: true,
        check: async () => ({ ok: writer.isHealthy(), detail: `${writer.pending()} waiting to be stored` }),
      },
      { name: 'bus', required: false, check: async () => ({ ok: bus.isHealthy(), detail: bus.description }) },
      { name: 'scanner', required: false, check: async () => ({ ok: true, detail: scanner.status().state }) },
    ],
  });
  const webSockets = createWebSocketEndpoint({
    server: http.server,
    endpoint,
    newContext,
    operationMetrics,
    registry,
    log: component('websocket'),
    newId,
    keepAliveMs: config.graphql.keepAliveMs,
    isOriginAllowed: createOriginCheck(config.server.corsOrigins),
  });
  lifecycle.onStop('network', async (remainingMs) => {
    http.markStopping();
    const closed = http.stop(remainingMs / 2);
    const socketsClosed = webSockets.stop(remainingMs / 2);
    liveResults.stop();
    liveFilterChanges.stop();
    liveOpportunities.stop();
    liveScanner.stop();
    eventConnections.stop();
    await Promise.all([closed, socketsClosed]);
  });
  const address = await http.listen(config.server.port, config.server.host);
  processMetrics.watchEventLoop();
  if (config.scanner.autostart) await scanner.start();

  return {
    address,
    facts: {
      url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}${config.graphql.graphiql ? '/graphiql' : GRAPHQL_PATH}`,
      graphiql: config.graphql.graphiql,
      database: embedded
        ? { kind: 'embedded', product: `PostgreSQL ${embedded.version}`, directory: dataDirectory }
        : { kind: 'external', product: await database.product(), host: urlHost(databaseUrl) },
      bus: config.redis.url ? { kind: 'redis', host: urlHost(config.redis.url) } : { kind: 'in-process' },
      feedDescription: feed.description,
    },
    registry,
    scannerStatus: scanner.status,
    subscribers,
    stop: lifecycle.stop,
  };
}
