import { bigint, index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { SessionTransport } from '../../domain/access/session-transport.ts';
import type { ViewerKind } from '../../domain/access/viewer.ts';

/**
 * Connections of clients that last, of all processes: each process keeps the rows of its own. Unlogged: they are worth nothing after a crash of the database, and a
 * process writes them again.
 */
export const clientConnections = pgTable(
  'client_connections',
  {
    id: uuid().primaryKey(),
    processId: uuid().notNull(),
    transport: text().$type<SessionTransport>().notNull(),
    subject: text().notNull(),
    viewerKind: text().$type<ViewerKind>().notNull(),
    roles: text().array().notNull(),
    credentialId: text(),
    clientAddress: text(),
    openedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    /** Null: its credential does not expire. */
    expiresAt: timestamp({ withTimezone: true, precision: 3 }),
    subscriptions: integer().notNull(),
    backlogRows: integer().notNull(),
    backlogBytes: bigint({ mode: 'number' }).notNull(),
    missed: bigint({ mode: 'number' }).notNull(),
    sentBytes: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [index('client_connections_process_id').on(table.processId), index('client_connections_subject').on(table.subject, table.id)],
);
