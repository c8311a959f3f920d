import { auditEntryStream } from '../services/access/audit-entry-stream.ts';
import { createAuditLog } from '../services/access/audit-log.ts';
import type { Storage } from './start-storage.ts';
import type { Wiring } from './wiring.ts';

export type Access = Awaited<ReturnType<typeof startAccess>>;

/** Who did what, and what no longer counts. */
export async function startAccess({ deps: { clock }, lifecycle }: Wiring, { database, bus, streamLog, follow }: Storage) {
  const auditFollower = follow(auditEntryStream);
  await auditFollower.start();
  lifecycle.onStop('audit follower', auditFollower.stop);
  const auditLog = createAuditLog({
    sql: database.sql,
    streamLog,
    clock,
    onCommitted: (entries) => bus.publish(auditEntryStream.name, { firstSequence: entries[0]!.sequence, rows: entries }),
  });
  return { auditLog };
}
