import type { ClientConnection } from '../../domain/access/client-connection.ts';
import type { Session } from './session.ts';

/** A session as administrators see it, now. */
export function connectionOfSession(session: Session, processId: string): ClientConnection {
  const { id, transport, viewer, clientAddress, openedAtMs, subscriptions } = session;
  const { subject, kind, roles, credentialId, expiresAtMs } = viewer;
  return {
    id,
    processId,
    transport,
    subject,
    viewerKind: kind,
    roles,
    credentialId,
    clientAddress,
    openedAtMs,
    expiresAtMs,
    subscriptions,
    ...session.usage(),
  };
}
