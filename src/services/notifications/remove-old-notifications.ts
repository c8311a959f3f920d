import type { Sql } from '../../db/client.ts';

/** Short statements: what is sent meanwhile waits for none of them. */
const AT_ONCE = 1_000;

/**
 * Deletes the oldest notifications that were made longer ago than so many days, and the attempts at messages of which nothing is left. What waits to be sent stays.
 * @returns how many: to be called again when there may be more
 */
export async function removeOldNotifications(
  sql: Sql,
  retentionDays: number,
): Promise<{ readonly removed: number; readonly mayBeMore: boolean }> {
  return sql.begin(async (transaction) => {
    // Ids begin with the time in milliseconds (UUIDv7), so the primary key finds the oldest; other processes take others.
    const removed = await transaction.unsafe<{ deliveryId: string | null }[]>(
      `delete from notifications where id in (
         select id from notifications
         where id < (lpad(to_hex(floor(extract(epoch from now() - $1::int * interval '1 day') * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
           and created_at < now() - $1::int * interval '1 day' and state <> 'QUEUED'
         order by id limit $2 for update skip locked
       ) returning delivery_id as "deliveryId"`,
      [retentionDays, AT_ONCE],
    );
    const deliveries = [...new Set(removed.flatMap(({ deliveryId }) => deliveryId ?? []))];
    if (deliveries.length > 0) {
      await transaction.unsafe(
        `delete from notification_attempts as attempt where delivery_id = any($1::uuid[])
           and not exists (select 1 from notifications where notifications.delivery_id = attempt.delivery_id)`,
        [deliveries],
      );
    }
    return { removed: removed.length, mayBeMore: removed.length === AT_ONCE };
  });
}
