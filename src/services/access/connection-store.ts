import type { Sql } from '../../db/client.ts';
import type { ClientConnection } from '../../domain/access/client-connection.ts';
import type { SessionTransport } from '../../domain/access/session-transport.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';

/** Three heartbeats that did not come: the process is gone, or cannot reach the database. */
const SILENT_SECONDS = 15;
/** Rows of processes that have been silent for so long are removed. */
const FORGOTTEN_SECONDS = 60;

export interface ConnectionFilter {
  /** Null: of all. */
  readonly subject: string | null;
  readonly transport: SessionTransport | null;
}

/** The open connections of all processes. Times are those of the database. */
export interface ConnectionStore {
  /** Says that this process is alive. True when it was not on the list: then it has no rows either. */
  beat(): Promise<boolean>;
  /** Inserts or overwrites rows of this process. */
  save(connections: readonly ClientConnection[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** Removes what processes have left behind that are gone. */
  removeSilent(): Promise<void>;
  /** Takes this process off the list, and its rows with it. */
  leave(): Promise<void>;
  byIds(ids: readonly string[]): Promise<ClientConnection[]>;
  /** Newest first; the cursor is the id of a connection. Connections of processes that have fallen silent are not among them. */
  page(filter: ConnectionFilter, request: PageRequest): Promise<Page<ClientConnection>>;
}

const COLUMNS = `id, process_id as "processId", transport, subject, viewer_kind as "viewerKind", roles, credential_id as "credentialId",
  client_address as "clientAddress", opened_at as "openedAtMs", expires_at as "expiresAtMs", subscriptions, backlog_rows as "backlogRows",
  backlog_bytes as "backlogBytes", missed, sent_bytes as "sentBytes"`;

/** @param processId UUID of this process */
export function createConnectionStore({ sql, processId }: { sql: Sql; processId: string }): ConnectionStore {
  const isAlive = () => sql`exists (
    select from connection_processes as process
    where process.id = client_connections.process_id and process.heartbeat_at >= clock_timestamp() - make_interval(secs => ${SILENT_SECONDS}))`;

  return {
    async beat() {
      const [row] = await sql<{ isNew: boolean }[]>`
        insert into connection_processes (id, heartbeat_at) values (${processId}, clock_timestamp())
        on conflict (id) do update set heartbeat_at = excluded.heartbeat_at
        returning xmax = 0 as "isNew"`;
      return row!.isNew;
    },

    async save(connections) {
      const rows = connections.map(({ openedAtMs, expiresAtMs, ...same }) => ({
        ...same,
        openedAt: new Date(openedAtMs).toISOString(),
        expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString(),
      }));
      await sql`
        insert into client_connections (
          id, process_id, transport, subject, viewer_kind, roles, credential_id, client_address, opened_at, expires_at, subscriptions,
          backlog_rows, backlog_bytes, missed, sent_bytes
        )
        select * from jsonb_to_recordset(${sql.json(rows as never)}) as row (
          id uuid, "processId" uuid, transport text, subject text, "viewerKind" text, roles text[], "credentialId" text, "clientAddress" text,
          "openedAt" timestamptz, "expiresAt" timestamptz, subscriptions integer, "backlogRows" integer, "backlogBytes" bigint, missed bigint,
          "sentBytes" bigint
        )
        on conflict (id) do update set
          credential_id = excluded.credential_id, expires_at = excluded.expires_at, subscriptions = excluded.subscriptions,
          backlog_rows = excluded.backlog_rows, backlog_bytes = excluded.backlog_bytes, missed = excluded.missed, sent_bytes = excluded.sent_bytes`;
    },

    async remove(ids) {
      await sql`delete from client_connections where id = any(${ids as string[]}::uuid[])`;
    },

    async removeSilent() {
      await sql`
        with gone as (
          delete from connection_processes where heartbeat_at < clock_timestamp() - make_interval(secs => ${FORGOTTEN_SECONDS}) returning id
        )
        delete from client_connections where process_id in (select id from gone)`;
    },

    async leave() {
      await sql`
        with gone as (delete from connection_processes where id = ${processId})
        delete from client_connections where process_id = ${processId}`;
    },

    byIds: async (ids) => sql<ClientConnection[]>`
      select ${sql.unsafe(COLUMNS)} from client_connections where id = any(${ids as string[]}::uuid[]) and ${isAlive()}`,

    async page({ subject, transport }, request) {
      const isForward = request.direction === 'forward';
      const beyond = isForward ? sql`and id < ${request.cursor}::uuid` : sql`and id > ${request.cursor}::uuid`;
      const rows = await sql<ClientConnection[]>`
        select ${sql.unsafe(COLUMNS)} from client_connections
        where ${isAlive()}
          ${subject === null ? sql`` : sql`and subject = ${subject}`} ${transport === null ? sql`` : sql`and transport = ${transport}`}
          ${request.cursor === null ? sql`` : beyond}
        order by id ${isForward ? sql`desc` : sql`asc`}
        limit ${request.limit + 1}`;
      return pageOf(rows, request);
    },
  };
}
