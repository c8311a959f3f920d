import type { Transaction } from '../../db/client.ts';
import type { NotificationDraft } from '../../domain/notifications/notification.ts';

export interface QueuedChannel {
  readonly channelId: string;
  /** Of its first notification; epoch milliseconds. */
  readonly dueAtMs: number;
}

/**
 * Stores what is not stored yet, and tells which channels have to be woken. What the subscription of alerts delivers is delivered with the alert itself; what has no channel to go to is kept as
 * skipped, so that nobody has to wonder.
 */
export async function insertNotifications(
  transaction: Transaction,
  drafts: readonly NotificationDraft[],
): Promise<readonly QueuedChannel[]> {
  if (drafts.length === 0) return [];
  return transaction.unsafe<QueuedChannel[]>(
    `with inserted as (
       insert into notifications (id, channel_id, alert_id, kind, subject, body, payload, state, reason, delivery_id, created_at, queued_at, next_attempt_at, delivered_at)
       select given.id, given."channelId", given."alertId", given.kind, given.subject, given.body, given.payload, fate.state, fate.reason,
         case when fate.state = 'DELIVERED' then given.id end, now(), now(),
         case when fate.state = 'QUEUED' then now() + case when given.kind = 'TEST' then 0 else channel.digest_window_ms end * interval '1 millisecond' end,
         case when fate.state = 'DELIVERED' then now() end
       from jsonb_to_recordset($1::text::jsonb) as given (id uuid, "channelId" uuid, "alertId" uuid, kind text, subject text, body text, payload jsonb)
       left join notification_channels as channel on channel.id = given."channelId" and channel.deleted_at is null
       cross join lateral (select
         case when channel.id is null or not channel.enabled then 'SKIPPED' when channel.kind = 'WEBSOCKET' then 'DELIVERED' else 'QUEUED' end as state,
         case when channel.id is null then 'there is no such channel' when not channel.enabled then 'the channel is disabled' end as reason
       ) as fate
       on conflict (id) do nothing
       returning channel_id, state, next_attempt_at
     )
     select channel_id as "channelId", min(next_attempt_at) as "dueAtMs" from inserted where state = 'QUEUED' group by channel_id`,
    [JSON.stringify(drafts).replaceAll('\\u0000', '\\ufffd')],
  );
}
