import { bigint, index, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { AuditAction, AuditActorKind, AuditObjectKind } from '../../domain/access/audit-entry.ts';

/** The stream of what was done by whom: (at, sequence) ascends in commit order. Kept for good. */
export const auditEntries = pgTable(
  'audit_entries',
  {
    sequence: bigint({ mode: 'number' }).notNull(),
    at: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    id: uuid().notNull(),
    actorSubject: text().notNull(),
    actorKind: text().$type<AuditActorKind>().notNull(),
    actorCredentialId: text(),
    action: text().$type<AuditAction>().notNull(),
    objectKind: text().$type<AuditObjectKind>().notNull(),
    objectId: text().notNull(),
    objectName: text(),
    fromRevision: integer(),
    toRevision: integer(),
    reason: text(),
    requestId: text(),
  },
  (table) => [
    primaryKey({ columns: [table.at, table.sequence] }),
    index('audit_entries_actor').on(table.actorSubject, table.at, table.sequence),
    index('audit_entries_object').on(table.objectId, table.at, table.sequence),
    index('audit_entries_action').on(table.action, table.at, table.sequence),
  ],
);
