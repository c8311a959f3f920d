import { Registry } from 'prom-client';
import { GRAPHQL_PATH } from '../server/graphql-endpoint.ts';
import { urlHost } from '../server/logging/url-host.ts';
import { startProcessMetrics } from '../server/process-metrics.ts';
import { createEventLoopSlicer } from '../services/scanner/event-loop-slicer.ts';
import type { App } from './app.ts';
import { graphqlServices } from './graphql-services.ts';
import type { OpenedDatabase } from './open-database.ts';
import { startAccess } from './start-access.ts';
import { startAlerts } from './start-alerts.ts';
import { startApi } from './start-api.ts';
import { startHistory } from './start-history.ts';
import { startLiveDelivery } from './start-live-delivery.ts';
import { startNotifications } from './start-notifications.ts';
import { startRecords } from './start-records.ts';
import { startRetention } from './start-retention.ts';
import { startRollups } from './start-rollups.ts';
import { startScanning } from './start-scanning.ts';
import { startSessions } from './start-sessions.ts';
import { startStorage } from './start-storage.ts';
import { tokenKeys } from './token-keys.ts';
import type { Foundation, Wiring } from './wiring.ts';

/** Everything upon the database, in the order data needs it: from the streams to the network. */
export async function startServer(foundation: Foundation, opened: OpenedDatabase): Promise<Omit<App, 'stop'>> {
  const registry = new Registry();
  const { now } = foundation.deps;
  const slicer = createEventLoopSlicer({ budgetMs: foundation.config.scanner.sliceMs, now });
  const wiring: Wiring = { ...foundation, registry, slicer };
  const { config, lifecycle } = wiring;

  const processMetrics = startProcessMetrics(registry);
  lifecycle.onStop('process metrics', processMetrics.stop);
  const storage = await startStorage(wiring, opened);
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
  };
}
