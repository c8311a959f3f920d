import { createConnectionReporter } from '../services/access/connection-reporter.ts';
import { createConnectionService } from '../services/access/connection-service.ts';
import { createConnectionStore } from '../services/access/connection-store.ts';
import { createSessionMetrics } from '../services/access/session-metrics.ts';
import { createSessionRenewal } from '../services/access/session-renewal.ts';
import { createSessions, type Sessions } from '../services/access/sessions.ts';
import type { Access } from './start-access.ts';
import type { Storage } from './start-storage.ts';
import type { Wiring } from './wiring.ts';

export type StartedSessions = ReturnType<typeof startSessions>;

/** Connections that last, and the list of those of all processes. */
export function startSessions(
  { config: { auth }, deps: { clock, now, newId }, lifecycle, registry, component }: Wiring,
  { database: { sql } }: Storage,
  { authenticator, auditLog, revocations }: Access,
) {
  const log = component('sessions');
  const metrics = createSessionMetrics(registry);
  const processId = newId();
  const store = createConnectionStore({ sql, processId });
  const reporter = createConnectionReporter({ store, sessions: () => sessions, processId, now, log });
  const sessions: Sessions = createSessions({
    clock,
    warningMs: auth.expiryWarningSeconds * 1_000,
    clockToleranceMs: auth.clockToleranceSeconds * 1_000,
    revocations,
    onEnded(end, { id, transport, viewer }) {
      metrics.ended(end);
      log.info({ connectionId: id, transport, subject: viewer.subject, reason: end }, 'a connection was ended');
    },
    onRenewed: metrics.renewed,
    onChanged: reporter.changed,
  });
  metrics.watch(sessions.size);
  reporter.start();
  lifecycle.onStop('connections', reporter.stop);
  lifecycle.onStop('sessions', async () => sessions.stop());
  return {
    sessions,
    sessionRenewal: createSessionRenewal({ authenticator }),
    connections: createConnectionService({ store, reporter, sessions, processId, auditLog, newId }),
  };
}
