import type { AuditActorKind, AuditEntry, AuditEntryDraft } from '../../domain/access/audit-entry.ts';
import type { StreamDefinition } from '../stream-log/stream-definition.ts';

/** A row of audit_entries as it is read: the actor lies in columns of its own. */
export interface AuditEntryRow extends Omit<AuditEntry, 'actor'> {
  readonly actorSubject: string;
  readonly actorKind: AuditActorKind;
  readonly actorCredentialId: string | null;
}

/** Columns of an AuditEntryRow, for a select. */
export const AUDIT_ENTRY_COLUMNS = `sequence, at as "atMs", id, actor_subject as "actorSubject", actor_kind as "actorKind",
  actor_credential_id as "actorCredentialId", action, object_kind as "objectKind", object_id as "objectId", object_name as "objectName",
  from_revision as "fromRevision", to_revision as "toRevision", reason, request_id as "requestId"`;

/** The durable stream of what was done by whom. */
export const auditEntryStream: StreamDefinition<AuditEntryDraft, AuditEntry> = {
  name: 'audit-entries',
  toRow: (draft, sequence, atMs) => ({ ...draft, sequence, atMs }),
  position: ({ atMs, sequence }) => ({ atMs, sequence }),
  async insert(transaction, rows) {
    // One at a time but for the presets of a new database.
    for (const { sequence, atMs, actor, ...entry } of rows) {
      await transaction`
        insert into audit_entries (
          sequence, at, id, actor_subject, actor_kind, actor_credential_id, action, object_kind, object_id, object_name, from_revision, to_revision, reason, request_id
        ) values (
          ${sequence}, ${transaction.typed.timestamptz(atMs)}, ${entry.id}, ${actor.subject}, ${actor.kind}, ${actor.credentialId}, ${entry.action},
          ${entry.objectKind}, ${entry.objectId}, ${entry.objectName}, ${entry.fromRevision}, ${entry.toRevision}, ${entry.reason}, ${entry.requestId}
        )`;
    }
  },
  async select(sql, { atMs, sequence }, limit) {
    const at = sql.typed.timestamptz(atMs);
    const rows = await sql<AuditEntryRow[]>`
      select ${sql.unsafe(AUDIT_ENTRY_COLUMNS)} from audit_entries
      where at >= ${at} and (at, sequence) > (${at}, ${sequence}) order by at, sequence limit ${limit}`;
    return rows.map(fromAuditEntryRow);
  },
};

export function fromAuditEntryRow({ actorSubject, actorKind, actorCredentialId, ...entry }: AuditEntryRow): AuditEntry {
  return { ...entry, actor: { subject: actorSubject, kind: actorKind, credentialId: actorCredentialId } };
}
