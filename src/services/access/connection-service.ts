import { draftAuditEntry } from '../../domain/access/audit-entry.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { ClientConnection } from '../../domain/access/client-connection.ts';
import { NotFoundError } from '../../domain/errors/not-found-error.ts';
import type { Page } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import type { AuditLog } from './audit-log.ts';
import { connectionOfSession } from './connection-of-session.ts';
import type { ConnectionReporter } from './connection-reporter.ts';
import type { ConnectionFilter, ConnectionStore } from './connection-store.ts';
import { parseReason } from './parse-reason.ts';
import type { Sessions } from './sessions.ts';

/** The open connections of all processes: those of this process as they are now, the others as they were a moment ago. */
export interface ConnectionService {
  /** Newest first; the cursor is the id of a connection. */
  page(filter: ConnectionFilter, request: PageRequest): Promise<Page<ClientConnection>>;
  byIds(ids: readonly string[]): Promise<ClientConnection[]>;
  /**
   * Has the process that has the connection end it: in this process when the answer is there, elsewhere a moment later. Answers what it was.
   *
   * @throws NotFoundError, ValidationError
   */
  terminate(id: string, reason: string | null, caller: Caller): Promise<ClientConnection>;
}

export interface ConnectionServiceDeps {
  readonly store: Pick<ConnectionStore, 'byIds' | 'page'>;
  readonly reporter: Pick<ConnectionReporter, 'flush'>;
  readonly sessions: Pick<Sessions, 'find'>;
  readonly processId: string;
  readonly auditLog: Pick<AuditLog, 'record'>;
  /** UUIDv7. */
  readonly newId: () => string;
}

export function createConnectionService(deps: ConnectionServiceDeps): ConnectionService {
  const { store, reporter, sessions, processId, auditLog, newId } = deps;

  function present(connection: ClientConnection): ClientConnection {
    const session = connection.processId === processId ? sessions.find(connection.id) : null;
    return session ? connectionOfSession(session, processId) : connection;
  }

  async function byIds(ids: readonly string[]): Promise<ClientConnection[]> {
    await reporter.flush();
    return (await store.byIds(ids)).map(present);
  }

  return {
    async page(filter, request) {
      await reporter.flush();
      const page = await store.page(filter, request);
      return { ...page, rows: page.rows.map(present) };
    },
    byIds,
    async terminate(id, reason, caller) {
      const told = parseReason(reason);
      const [connection] = await byIds([id]);
      if (!connection) throw new NotFoundError('expected a connection that is open, got one that has ended or never was');
      const { subject } = connection;
      await auditLog.record(
        draftAuditEntry(newId(), caller, {
          action: 'CONNECTION_TERMINATED',
          objectKind: 'CONNECTION',
          objectId: id,
          objectName: subject,
          reason: told,
        }),
      );
      return connection;
    },
  };
}
