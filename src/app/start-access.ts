import { randomBytes } from 'node:crypto';
import { createApiKeyService } from '../services/access/api-key-service.ts';
import { createApiKeyStore } from '../services/access/api-key-store.ts';
import { createApiKeyUses } from '../services/access/api-key-uses.ts';
import { createApiKeyVerifier } from '../services/access/api-key-verifier.ts';
import { createAuditEntryStore } from '../services/access/audit-entry-store.ts';
import { auditEntryStream } from '../services/access/audit-entry-stream.ts';
import { createAuditLog } from '../services/access/audit-log.ts';
import { createAuthenticationMetrics } from '../services/access/authentication-metrics.ts';
import { createAuthenticator } from '../services/access/authenticator.ts';
import { createRememberedTokens } from '../services/access/remembered-tokens.ts';
import { createRevocationStore } from '../services/access/revocation-store.ts';
import { createRevocations } from '../services/access/revocations.ts';
import { createTokenRevocationService } from '../services/access/token-revocation-service.ts';
import { createTokenVerifier } from '../services/access/token-verifier.ts';
import type { Storage } from './start-storage.ts';
import { tokenKeys } from './token-keys.ts';
import type { Wiring } from './wiring.ts';

export type Access = Awaited<ReturnType<typeof startAccess>>;

/** Who may come in, who no longer may, and who did what. */
export async function startAccess(
  { config: { auth }, deps: { clock, now, newId }, lifecycle, registry, component }: Wiring,
  { database: { sql, writeSql }, bus, streamLog, follow }: Storage,
) {
  const { issuer, audience, rolesClaim, clockToleranceSeconds } = auth;
  const auditFollower = follow(auditEntryStream);
  await auditFollower.start();
  lifecycle.onStop('audit follower', auditFollower.stop);
  const apiKeyStore = createApiKeyStore({ sql });
  const revocationStore = createRevocationStore({ sql });
  const revocations = createRevocations({
    store: revocationStore,
    revokedKeyIds: apiKeyStore.revokedIds,
    follower: auditFollower,
    clock,
    clockToleranceMs: clockToleranceSeconds * 1_000,
    log: component('access'),
  });
  await revocations.start();
  lifecycle.onStop('revocations', revocations.stop);
  const auditLog = createAuditLog({
    // What administrators do is not to wait behind the queries of clients.
    sql: writeSql,
    streamLog,
    clock,
    onCommitted(entries) {
      revocations.apply(entries);
      bus.publish(auditEntryStream.name, { firstSequence: entries[0]!.sequence, rows: entries });
    },
  });

  const apiKeyUses = createApiKeyUses({ store: apiKeyStore, log: component('access') });
  apiKeyUses.start();
  lifecycle.onStop('uses of API keys', apiKeyUses.stop);
  const keys = tokenKeys(auth);
  const tokens = keys && createTokenVerifier({ keys, issuer, audience, rolesClaim, clockToleranceSeconds, clock });
  const authenticator = createAuthenticator({
    verifier: tokens && createRememberedTokens({ verifier: tokens, clockToleranceMs: clockToleranceSeconds * 1_000, clock }),
    apiKeys: createApiKeyVerifier({ store: apiKeyStore, clock, now, onUsed: apiKeyUses.note }),
    revocations,
    metrics: createAuthenticationMetrics(registry),
  });
  return {
    authenticator,
    revocations,
    auditLog,
    auditEntries: createAuditEntryStore({ sql }),
    apiKeys: createApiKeyService({ sql: writeSql, store: apiKeyStore, auditLog, clock, newId, randomBytes }),
    tokenRevocations: createTokenRevocationService({ sql: writeSql, store: revocationStore, auditLog, clock, newId }),
  };
}
