import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { LOCAL_ADMIN } from '../../src/domain/access/viewer.ts';
import { greatestLimits } from '../../src/domain/limits/limit-policy.ts';
import type { ScanResult, ScanResultDraft } from '../../src/domain/results/scan-result.ts';
import { type LoaderSources, Loaders } from '../../src/loaders/loaders.ts';
import type { GraphQLServices } from '../../src/schema/context.ts';
import { createGraphQLContext, type NewGraphQLContext } from '../../src/server/graphql-context.ts';
import { createGraphQLEndpoint, type GraphQLEndpoint } from '../../src/server/graphql-endpoint.ts';
import { createPersistedDocuments } from '../../src/server/limits/persisted-documents.ts';
import { createErrorMask } from '../../src/server/mask-error.ts';
import { createOperationMetrics } from '../../src/server/operation-metrics.ts';
import { createEventConnections } from '../../src/server/sse/event-connections.ts';
import { createOpenEventSession } from '../../src/server/sse/event-session.ts';
import { createWebSocketEndpoint } from '../../src/server/websocket/websocket-endpoint.ts';
import { createSessionRenewal } from '../../src/services/access/session-renewal.ts';
import { createInProcessBus } from '../../src/services/bus/in-process-bus.ts';
import { createAdmission } from '../../src/services/limits/admission.ts';
import { createRateLimiter } from '../../src/services/limits/rate-limiter.ts';
import { createLimitsOf } from '../../src/services/limits/viewer-limits.ts';
import type { ScanResultQuery } from '../../src/services/results/scan-result-query.ts';
import { scanResultStream } from '../../src/services/results/scan-result-stream.ts';
import { createStreamFollower } from '../../src/services/stream-log/stream-follower.ts';
import type { StreamHistory } from '../../src/services/stream-log/stream-history.ts';
import type { StreamLog } from '../../src/services/stream-log/stream-log.ts';
import { STREAM_START, type StreamPosition } from '../../src/services/stream-log/stream-position.ts';
import { scanResultSubject } from '../../src/services/subscriptions/scan-result-subject.ts';
import { createStreamChannel } from '../../src/services/subscriptions/stream-channel.ts';
import { aLimitPolicy } from './a-limit-policy.ts';
import { someSessions } from './some-sessions.ts';

export interface LiveServerOptions {
  readonly sources: LoaderSources;
  /** What resolvers ask besides. */
  readonly services: Partial<GraphQLServices>;
  readonly requestId: string;
}

/** The whole way from a committed row to sockets, over rows in memory. */
export interface LiveServer {
  readonly webSocketUrl: string;
  readonly endpoint: GraphQLEndpoint;
  readonly registry: Registry;
  newContext: NewGraphQLContext;
  /** As a writer does after its commit. */
  publish(drafts: readonly ScanResultDraft[]): void;
  /** Positions behind the rows so far, oldest first. */
  positions(): readonly StreamPosition[];
  subscribers(): number;
  stop(): Promise<void>;
}

/** The rows, in the way the database keeps them. */
function keepRows() {
  const rows: ScanResult[] = [];
  const streamLog: Pick<StreamLog, 'read' | 'head'> = {
    head: async () => (rows.length === 0 ? STREAM_START : scanResultStream.position(rows.at(-1)!)),
    read: async (_stream, after, limit) => rows.filter((row) => row.sequence > after.sequence).slice(0, limit) as never,
  };
  const interesting = (query: ScanResultQuery, after: number, until: number) => {
    const matches = scanResultSubject(history, null).matcher(query);
    return rows.filter((row) => row.sequence > after && row.sequence <= until && matches(row));
  };
  const history: StreamHistory<ScanResult, ScanResultQuery> = {
    between: async (query, after, until, limit) => interesting(query, after.sequence, until.sequence).slice(0, limit),
    newest: async (query, until, limit) => interesting(query, 0, until.sequence).slice(-limit),
    count: async (query, after, until, limit) => Math.min(limit, interesting(query, after.sequence, until.sequence).length),
  };
  return { rows, streamLog, history };
}

export async function startLiveServer({ sources, services, requestId }: LiveServerOptions): Promise<LiveServer> {
  const log = pino({ level: 'silent' });
  const registry = new Registry();
  const { rows, streamLog, history } = keepRows();
  const bus = createInProcessBus({ log });
  const follower = createStreamFollower<ScanResult>({
    stream: scanResultStream,
    streamLog,
    bus,
    log,
    metrics: { followed: () => {} },
    heads: { watch: () => async () => {} },
    keptRows: 20,
  });
  await follower.start();
  const liveResults = createStreamChannel({
    subject: scanResultSubject(history, null),
    follower,
    head: () => streamLog.head(scanResultStream.name),
    now: () => performance.now(),
    replayLimit: 1_000,
  });
  const all = {
    liveResults,
    pageLimits: { defaultSize: 50, maximumSize: 500 },
    deliveryLimits: { maximumBuffer: 10_000, bufferBytes: 50_000_000 },
    ...services,
  } as unknown as GraphQLServices;
  const policy = aLimitPolicy();
  const limitsOf = createLimitsOf(policy);
  const rateLimiter = createRateLimiter({ shared: null, now: () => performance.now() });
  const limits = {
    limitsOf,
    greatestLimits: greatestLimits(policy),
    admission: createAdmission({ limitsOf, rateLimiter, maximumSockets: 100_000 }),
    onLimitExceeded: () => {},
    persistedDocuments: createPersistedDocuments({ documents: new Map(), isOnly: false }),
  };
  const newContext = createGraphQLContext({ services: all, ...limits, newLoaders: () => new Loaders(sources) });
  const authenticator = { isConfigured: false, authenticate: async () => LOCAL_ADMIN };
  const operationMetrics = createOperationMetrics(registry);
  const newId = () => requestId;
  const sessions = someSessions();
  const openSession = createOpenEventSession({ sessions, newId, maskError: createErrorMask({ log }) });
  const endpoint = createGraphQLEndpoint({
    newContext,
    requestViewer: authenticator.authenticate,
    operationMetrics,
    eventConnections: createEventConnections({ newToken: newId, openSession }),
    openSession,
    log,
    newId,
    corsOrigins: [],
    ...limits,
    defaultPageSize: 50,
  });
  const server = createServer();
  const webSockets = createWebSocketEndpoint({
    server,
    endpoint,
    newContext,
    authenticator,
    sessions,
    renewal: createSessionRenewal({ authenticator }),
    clientAddress: () => '127.0.0.1',
    now: () => performance.now(),
    operationMetrics,
    ...limits,
    registry,
    log,
    newId,
    keepAliveMs: 60_000,
    isOriginAllowed: () => true,
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  let atMs = Date.UTC(2026, 10, 20, 15, 30);
  return {
    webSocketUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    endpoint,
    registry,
    newContext,
    publish(drafts) {
      atMs += 1_000;
      const appended = drafts.map((draft, index) => scanResultStream.toRow(draft, rows.length + index + 1, atMs));
      rows.push(...appended);
      bus.publish(scanResultStream.name, { firstSequence: appended[0]!.sequence, rows: appended });
    },
    positions: () => rows.map((row) => scanResultStream.position(row)),
    subscribers: liveResults.subscribers,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      await webSockets.stop(1_000);
      liveResults.stop();
      await follower.stop();
      await closed;
    },
  };
}
