import type { Sql, Transaction } from '../../db/client.ts';
import { type Acting, type AuditAction, type AuditEntryDraft, draftAuditEntry } from '../../domain/access/audit-entry.ts';
import { ConflictError } from '../../domain/errors/conflict-error.ts';
import type { Filter } from '../../domain/filters/filter.ts';
import type { FilterChange, FilterChangeDraft, FilterChangeKind } from '../../domain/filters/filter-change.ts';
import type { AuditLog } from '../access/audit-log.ts';
import type { FilterStore } from './filter-store.ts';

export interface FilterWriterDeps {
  /** For writing: appending to a stream takes a transaction of this client. */
  readonly sql: Sql;
  readonly store: Pick<FilterStore, 'insert' | 'insertMissingPresets' | 'replace'>;
  readonly auditLog: Pick<AuditLog, 'append' | 'committed'>;
  /** Called with what has been committed here, before anything else is told of it. */
  readonly onCommitted: (changes: readonly FilterChange[]) => void;
  readonly newId: () => string;
}

/** Writes filters, their changes and the audit trail: all three or nothing. */
export interface FilterWriter {
  /** @throws ConflictError when the name is taken */
  insert(draft: FilterChangeDraft, idempotencyKey: string | null, acting: Acting): Promise<FilterChange>;
  insertMissingPresets(presets: readonly Filter[]): Promise<void>;
  /** Null when the revision before it is no longer in force. @throws ConflictError when the name is taken */
  replace(draft: FilterChangeDraft, acting: Acting): Promise<FilterChange | null>;
  /** All of them, or none. @throws ConflictError when a name is taken, or the revision before one is no longer in force */
  writeAll(drafts: readonly FilterChangeDraft[], acting: Acting): Promise<void>;
}

const AUDIT_ACTIONS: Readonly<Record<FilterChangeKind, AuditAction>> = {
  CREATED: 'FILTER_CREATED',
  UPDATED: 'FILTER_UPDATED',
  DELETED: 'FILTER_DELETED',
  RESTORED: 'FILTER_RESTORED',
};

export function createFilterWriter({ sql, store, auditLog, onCommitted, newId }: FilterWriterDeps): FilterWriter {
  function audited({ kind, filter, reason }: FilterChange, acting: Acting): AuditEntryDraft {
    return draftAuditEntry(newId(), acting, {
      action: AUDIT_ACTIONS[kind],
      objectKind: 'FILTER',
      objectId: filter.id,
      objectName: filter.name,
      fromRevision: kind === 'CREATED' ? null : filter.revision - 1,
      toRevision: kind === 'DELETED' ? null : filter.revision,
      reason,
    });
  }

  async function write(acting: Acting, change: (transaction: Transaction) => Promise<readonly FilterChange[]>) {
    const { changes, entries } = await sql.begin(async (transaction) => {
      const changes = await change(transaction);
      const drafts = changes.map((made) => audited(made, acting));
      return { changes, entries: drafts.length === 0 ? [] : await auditLog.append(transaction, drafts) };
    });
    if (changes.length > 0) onCommitted(changes);
    auditLog.committed(entries);
    return changes;
  }

  return {
    async insert(draft, idempotencyKey, acting) {
      const [change] = await write(acting, async (transaction) => [await store.insert(transaction, draft, idempotencyKey)]);
      return change!;
    },
    async insertMissingPresets(presets) {
      await write(null, (transaction) => store.insertMissingPresets(transaction, presets));
    },
    async replace(draft, acting) {
      const [change] = await write(acting, async (transaction) => {
        const replaced = await store.replace(transaction, draft);
        return replaced ? [replaced] : [];
      });
      return change ?? null;
    },
    async writeAll(drafts, acting) {
      await write(acting, async (transaction) => {
        const changes: FilterChange[] = [];
        for (const draft of drafts) {
          const change = draft.kind === 'CREATED' ? await store.insert(transaction, draft, null) : await store.replace(transaction, draft);
          if (!change) throw new ConflictError(`the filter ${JSON.stringify(draft.filter.name)} was changed at the same moment, try again`);
          changes.push(change);
        }
        return changes;
      });
    },
  };
}
