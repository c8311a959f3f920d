import type { Sql } from '../../db/client.ts';
import type { AuditAction, AuditEntry, AuditObjectKind } from '../../domain/access/audit-entry.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import { createSqlParameters, type SqlParameters } from '../results/criteria-sql.ts';
import { decodePosition, encodePosition } from '../stream-log/cursor.ts';
import { AUDIT_ENTRY_COLUMNS, type AuditEntryRow, auditEntryStream, fromAuditEntryRow } from './audit-entry-stream.ts';

/** Which entries are meant; everything stated must hold. */
export interface AuditEntryQuery {
  /** Subjects of those who did it. */
  readonly actors?: readonly string[] | undefined;
  readonly actions?: readonly AuditAction[] | undefined;
  readonly objectKinds?: readonly AuditObjectKind[] | undefined;
  readonly objectIds?: readonly string[] | undefined;
  /** Epoch milliseconds, inclusive. */
  readonly fromMs?: number | undefined;
  /** Epoch milliseconds, exclusive. */
  readonly beforeMs?: number | undefined;
}

export interface AuditEntryStore {
  /** Newest first. @throws MalformedCursorError when the cursor is none of a stream position */
  page(query: AuditEntryQuery, request: PageRequest): Promise<Page<AuditEntry>>;
}

export function createAuditEntryStore({ sql }: { sql: Sql }): AuditEntryStore {
  return {
    async page(query, request) {
      const parameters = createSqlParameters();
      const forward = request.direction === 'forward';
      const conditions = conditionsOf(query, parameters);
      if (request.cursor !== null) {
        const { atMs, sequence } = decodePosition(auditEntryStream.name, request.cursor);
        const at = parameters.add(new Date(atMs), 'timestamptz');
        // The bare comparison of the time besides the pair is what partitions are chosen by.
        conditions.push(
          `at ${forward ? '<=' : '>='} ${at} and (at, sequence) ${forward ? '<' : '>'} (${at}, ${parameters.add(sequence, 'bigint')})`,
        );
      }
      const direction = forward ? 'desc' : 'asc';
      const rows = await sql.unsafe<AuditEntryRow[]>(
        `select ${AUDIT_ENTRY_COLUMNS} from audit_entries where ${conditions.join(' and ')}
         order by at ${direction}, sequence ${direction} limit ${parameters.add(request.limit + 1, 'int')}`,
        parameters.values as never[],
      );
      return pageOf(rows.map(fromAuditEntryRow), request);
    },
  };
}

function conditionsOf({ actors, actions, objectKinds, objectIds, fromMs, beforeMs }: AuditEntryQuery, parameters: SqlParameters): string[] {
  const conditions = ['true'];
  if (actors) conditions.push(`actor_subject = any(${parameters.add(actors, 'text[]')})`);
  if (actions) conditions.push(`action = any(${parameters.add(actions, 'text[]')})`);
  if (objectKinds) conditions.push(`object_kind = any(${parameters.add(objectKinds, 'text[]')})`);
  if (objectIds) conditions.push(`object_id = any(${parameters.add(objectIds, 'text[]')})`);
  if (fromMs !== undefined) conditions.push(`at >= ${parameters.add(new Date(fromMs), 'timestamptz')}`);
  if (beforeMs !== undefined) conditions.push(`at < ${parameters.add(new Date(beforeMs), 'timestamptz')}`);
  return conditions;
}

/** The cursor of an entry. */
export function auditEntryCursor({ atMs, sequence }: AuditEntry): string {
  return encodePosition(auditEntryStream.name, { atMs, sequence });
}
