import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import type { AppDeps } from './app/app-deps.ts';
import { graphqlServices } from './app/graphql-services.ts';
import { startAccess } from './app/start-access.ts';
import { startAlerts } from './app/start-alerts.ts';
import { startApi } from './app/start-api.ts';
import { startHistory } from './app/start-history.ts';
import { startLiveDelivery } from './app/start-live-delivery.ts';
import { startNotifications } from './app/start-notifications.ts';
import { startRecords } from './app/start-records.ts';
import { startRetention } from './app/start-retention.ts';
import { startRollups } from './app/start-rollups.ts';
import { startScanning } from './app/start-scanning.ts';
import { startSessions } from './app/start-sessions.ts';
import { startStorage } from './app/start-storage.ts';
import { tokenKeys } from './app/token-keys.ts';
import type { Wiring } from './app/wiring.ts';
import type { Config } from './config/config.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';
import { GRAPHQL_PATH } from './server/graphql-endpoint.ts';
import { urlHost } from './server/logging/url-host.ts';
import { startProcessMetrics } from './server/process-metrics.ts';
import type { StartFacts } from './server/terminal/render-start-lines.ts';
import type { ScannerStatus } from './services/scanner/scanner-status.ts';

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
    const app = await start(config, deps, lifecycle, signal);
    signal.throwIfAborted();
    return app;
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

async function start(config: Config, deps: AppDeps, lifecycle: Lifecycle, starting: AbortSignal): Promise<App> {
  const registry = new Registry();
  const wiring: Wiring = { config, deps, lifecycle, registry, starting, component: (name) => deps.log.child({ component: name }) };

  const processMetrics = startProcessMetrics(registry);
  lifecycle.onStop('process metrics', processMetrics.stop);
  const storage = await startStorage(wiring);
  const access = await startAccess(wiring, storage);
  const sessions = startSessions(wiring, storage, access);
  const records = await startRecords(wiring, storage, access);
  const notifications = await startNotifications(wiring, storage, access);
  const scanning = await startScanning(wiring, records);
  const rollups = startRollups(wiring, storage, scanning);
  const live = await startLiveDelivery(wiring, storage, records, scanning);
  const alerts = await startAlerts(wiring, storage, access, records, scanning, live, notifications);
  const history = startHistory(wiring, storage, records, scanning, rollups);
  const retention = startRetention(wiring, storage, access);
  const services = graphqlServices(wiring, storage, access, sessions, records, scanning, live, alerts, notifications, history, retention);
  const address = await startApi(wiring, storage, access, sessions, records, scanning, [live, alerts, history], services);
  processMetrics.watchEventLoop();
  if (config.scanner.autostart) await scanning.scanner.start();

  return {
    address,
    facts: {
      url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}${config.graphql.graphiql ? '/graphiql' : GRAPHQL_PATH}`,
      graphiql: config.graphql.graphiql,
      database: storage.embedded
        ? { kind: 'embedded', product: `PostgreSQL ${storage.embedded.version}`, directory: storage.dataDirectory }
        : { kind: 'external', product: await storage.database.product(), host: urlHost(storage.databaseUrl) },
      bus: config.redis.url ? { kind: 'redis', host: urlHost(config.redis.url) } : { kind: 'in-process' },
      authenticates: tokenKeys(config.auth) !== null,
      feedDescription: scanning.feed.description,
    },
    registry,
    scannerStatus: scanning.scanner.status,
    subscribers: () => live.subscribers() + alerts.subscribers() + history.subscribers(),
    stop: lifecycle.stop,
  };
}
