import { createSessionMetrics } from '../services/access/session-metrics.ts';
import { createSessionRenewal } from '../services/access/session-renewal.ts';
import { createSessions } from '../services/access/sessions.ts';
import type { Access } from './start-access.ts';
import type { Wiring } from './wiring.ts';

export type StartedSessions = ReturnType<typeof startSessions>;

/** Connections that last. */
export function startSessions(
  { config: { auth }, deps: { clock }, lifecycle, registry, component }: Wiring,
  { authenticator, revocations }: Access,
) {
  const log = component('sessions');
  const metrics = createSessionMetrics(registry);
  const sessions = createSessions({
    clock,
    warningMs: auth.expiryWarningSeconds * 1_000,
    clockToleranceMs: auth.clockToleranceSeconds * 1_000,
    revocations,
    onEnded(end, { id, transport, viewer }) {
      metrics.ended(end);
      log.info({ connectionId: id, transport, subject: viewer.subject, reason: end }, 'a connection was ended');
    },
    onRenewed: metrics.renewed,
    onChanged: () => {},
  });
  metrics.watch(sessions.size);
  lifecycle.onStop('sessions', async () => sessions.stop());
  return { sessions, sessionRenewal: createSessionRenewal({ authenticator }) };
}
