import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { BACKING_TITLES } from '../db/time-series/time-series-backing.ts';
import { greatestLimits } from '../domain/limits/limit-policy.ts';
import { Loaders } from '../loaders/loaders.ts';
import type { GraphQLServices } from '../schema/context.ts';
import { schema } from '../schema/index.ts';
import { EXAMPLE_OPERATIONS } from '../server/example-operations.ts';
import { createExportEndpoint } from '../server/export/export-endpoint.ts';
import { createExportMetrics } from '../server/export/export-metrics.ts';
import { createExportSources } from '../server/export/export-sources.ts';
import { createForwardedClient } from '../server/forwarded-client.ts';
import { createGraphQLContext } from '../server/graphql-context.ts';
import { createGraphQLEndpoint } from '../server/graphql-endpoint.ts';
import { isLocalHost } from '../server/host-check.ts';
import { createHttpServer } from '../server/http-server.ts';
import { createPersistedDocuments } from '../server/limits/persisted-documents.ts';
import { createErrorMask } from '../server/mask-error.ts';
import { createOperationMetrics } from '../server/operation-metrics.ts';
import { createOriginCheck } from '../server/origin-check.ts';
import { createRequestViewer } from '../server/request-viewer.ts';
import { registerServiceGauges } from '../server/service-gauges.ts';
import { createEventConnections } from '../server/sse/event-connections.ts';
import { createOpenEventSession } from '../server/sse/event-session.ts';
import { warmUpDocuments } from '../server/warm-up-documents.ts';
import { createWebSocketEndpoint } from '../server/websocket/websocket-endpoint.ts';
import { createLimitRefusals } from '../services/limits/limit-refusals.ts';
import { loadPersistedOperations } from './load-persisted-operations.ts';
import { rehearse } from './rehearse.ts';
import type { Access } from './start-access.ts';
import { startLimits } from './start-limits.ts';
import type { Records } from './start-records.ts';
import type { Scanning } from './start-scanning.ts';
import type { StartedSessions } from './start-sessions.ts';
import type { Storage } from './start-storage.ts';
import type { Wiring } from './wiring.ts';

/** What can be subscribed to. */
interface LiveParts {
  subscribers(): number;
  /** Completes every subscription. */
  stop(): void;
}

/** The network: listens when it returns. */
export async function startApi(
  wiring: Wiring,
  storage: Storage,
  { authenticator, revocations }: Access,
  { sessions, sessionRenewal }: StartedSessions,
  { writer, opportunityWriter }: Records,
  { scanner }: Scanning,
  live: readonly LiveParts[],
  services: GraphQLServices,
): Promise<AddressInfo> {
  const { config, deps, lifecycle, registry, component } = wiring;
  const { embedded, backing, database, bus } = storage;
  const { newId } = deps;
  registerServiceGauges(registry, {
    subscriptions: () => live.reduce((sum, { subscribers }) => sum + subscribers(), 0),
    pendingResults: writer.pending,
    isStoring: writer.isHealthy,
    isBusConnected: bus.isHealthy,
    contractsPerSecond: () => scanner.status().contractsPerSecond,
  });
  const { policy, limitsOf, admission } = await startLimits(wiring, storage);
  const onLimitExceeded = createLimitRefusals(registry);
  const persistedDocuments = createPersistedDocuments({
    documents: await loadPersistedOperations(config.limits),
    isOnly: config.limits.persistedOperationsOnly,
  });
  const newContext = createGraphQLContext({ services, limitsOf, admission, newLoaders: () => new Loaders(services) });
  const { server } = config;
  // Without authentication only programs of this machine are meant to reach it, and no pages that pretend to be of this machine.
  const isHostAllowed = authenticator.isConfigured ? () => true : isLocalHost;
  const isOriginAllowed = createOriginCheck(server.corsOrigins);
  const operationMetrics = createOperationMetrics(registry);
  const forwardedClient = createForwardedClient({ trustedProxies: server.trustedProxies, header: server.trustedProxyHeader });
  const openSession = createOpenEventSession({ sessions, newId, maskError: createErrorMask({ log: component('graphql') }) });
  const eventConnections = createEventConnections({ newToken: randomUUID, openSession });
  const served = {
    requestViewer: createRequestViewer({ authenticator, revocations, eventTokens: services.eventTokens }),
    operationMetrics,
    eventConnections,
    openSession,
    log: component('graphql'),
    newId,
    corsOrigins: config.server.corsOrigins,
    limitsOf,
    greatestLimits: greatestLimits(policy),
    admission,
    onLimitExceeded,
    persistedDocuments,
    defaultPageSize: services.pageLimits.defaultSize,
  };
  const endpoint = createGraphQLEndpoint({ ...served, newContext });
  const exports = createExportEndpoint({
    sources: createExportSources({ schema, sql: database.sql }),
    authenticator,
    revocations,
    limitsOf,
    admission,
    newContext,
    metrics: createExportMetrics(registry),
    log: component('export'),
    onLimitExceeded,
    corsOrigins: server.corsOrigins,
    clock: deps.clock,
    stallMs: server.idleTimeoutMs,
  });
  // Before anybody is connected who would have to wait for it.
  warmUpDocuments(
    schema,
    EXAMPLE_OPERATIONS.map(({ query }) => query),
  );
  await rehearse(wiring, services, served);
  const http = createHttpServer({
    endpoint,
    exports: exports.routes,
    registry,
    log: component('http'),
    newId,
    now: deps.now,
    graphiql: config.graphql.graphiql,
    // The page itself needs no token.
    watchlist: authenticator.isConfigured ? () => [] : scanner.watchlist,
    isHostAllowed,
    forwardedClient,
    connectionLimits: server,
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
        name: 'timeSeries',
        required: false,
        check: async () => ({ ok: true, detail: `${BACKING_TITLES[backing.kind]}, ${backing.product}` }),
      },
      {
        name: 'results',
        required: true,
        check: async () => ({ ok: writer.isHealthy(), detail: `${writer.pending()} waiting to be stored` }),
      },
      {
        name: 'opportunities',
        required: true,
        check: async () => ({ ok: opportunityWriter.isHealthy(), detail: `${opportunityWriter.pending()} changes waiting to be stored` }),
      },
      { name: 'bus', required: false, check: async () => ({ ok: bus.isHealthy(), detail: bus.description }) },
      { name: 'scanner', required: false, check: async () => ({ ok: true, detail: scanner.status().state }) },
    ],
  });
  const webSockets = createWebSocketEndpoint({
    server: http.server,
    endpoint,
    newContext,
    authenticator,
    sessions,
    renewal: sessionRenewal,
    clientAddress: (request) => forwardedClient(request).address,
    now: deps.now,
    operationMetrics,
    limitsOf,
    greatestLimits: greatestLimits(policy),
    admission,
    onLimitExceeded,
    persistedDocuments,
    registry,
    log: component('websocket'),
    newId,
    keepAliveMs: config.graphql.keepAliveMs,
    isOriginAllowed: (origin, host) => isHostAllowed(host) && isOriginAllowed(origin, host),
  });
  lifecycle.onStop('network', async (remainingMs) => {
    http.markStopping();
    exports.stop();
    const closed = http.stop(remainingMs / 2);
    const socketsClosed = webSockets.stop(remainingMs / 2);
    for (const part of live) part.stop();
    eventConnections.stop();
    await Promise.all([closed, socketsClosed]);
  });
  return http.listen(config.server.port, config.server.host);
}
