import type { Sql, Transaction } from '../../db/client.ts';
import type { AuditEntry, AuditEntryDraft } from '../../domain/access/audit-entry.ts';
import type { StreamLog } from '../stream-log/stream-log.ts';
import { auditEntryStream } from './audit-entry-stream.ts';

/** Writes down who did what. Entries are never changed and never removed. */
export interface AuditLog {
  /**
   * Inside the transaction of what was done, so that nothing is done without a trace. To be the last stream that a transaction appends to: whoever holds the head of
   * this one and waits for that of another may wait for somebody who waits for this one.
   */
  append(transaction: Transaction, drafts: readonly AuditEntryDraft[]): Promise<readonly AuditEntry[]>;
  /** Tells all processes of entries whose transaction has been committed. They would find out by themselves, at their next look at the stream. */
  committed(entries: readonly AuditEntry[]): void;
  /** An entry in a transaction of its own, told to all processes. */
  record(draft: AuditEntryDraft): Promise<AuditEntry>;
}

export interface AuditLogDeps {
  /** For writing. */
  readonly sql: Sql;
  readonly streamLog: Pick<StreamLog, 'append'>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Called with what has been committed here, for all processes. */
  readonly onCommitted: (entries: readonly AuditEntry[]) => void;
}

export function createAuditLog({ sql, streamLog, clock, onCommitted }: AuditLogDeps): AuditLog {
  const append = (transaction: Transaction, drafts: readonly AuditEntryDraft[]) =>
    streamLog.append(transaction, auditEntryStream, drafts, clock());

  function committed(entries: readonly AuditEntry[]): void {
    if (entries.length > 0) onCommitted(entries);
  }

  return {
    append,
    committed,
    async record(draft) {
      const [entry] = await sql.begin((transaction) => append(transaction, [draft]));
      committed([entry!]);
      return entry!;
    },
  };
}
