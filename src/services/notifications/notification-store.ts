import type { Sql, Transaction } from '../../db/client.ts';
import type { DeliveryAttempt } from '../../domain/notifications/delivery-attempt.ts';
import type { Notification, NotificationState } from '../../domain/notifications/notification.ts';
import { type Page, pageOf } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import { createSqlParameters } from '../results/criteria-sql.ts';
import { NOTIFICATION_COLUMNS } from './notification-columns.ts';

/** Which notifications are meant; everything stated must hold. */
export interface NotificationQuery {
  readonly channelIds?: readonly string[] | undefined;
  readonly alertIds?: readonly string[] | undefined;
  readonly states?: readonly NotificationState[] | undefined;
  /** Subject of the owner of the channel. */
  readonly owner?: string | undefined;
}

export interface NotificationStore {
  byIds(ids: readonly string[]): Promise<Notification[]>;
  /** Newest first; the cursor is the id of a notification. */
  page(query: NotificationQuery, request: PageRequest): Promise<Page<Notification>>;
  /** The newest of each alert, newest first within an alert. @param owner subject of the owner of their channels; undefined: of any */
  ofAlerts(alertIds: readonly string[], mostOfEach: number, owner: string | undefined): Promise<Notification[]>;
  /** Attempts at the messages with these ids, first to last. */
  attempts(deliveryIds: readonly string[]): Promise<DeliveryAttempt[]>;
  /** Queues them again, and what went in the same message, under the ids they have; the channels that have to be woken. */
  requeue(transaction: Transaction, ids: readonly string[]): Promise<readonly string[]>;
}

export function createNotificationStore({ sql }: { sql: Sql }): NotificationStore {
  return {
    byIds: async (ids) =>
      sql.unsafe<Notification[]>(`select ${NOTIFICATION_COLUMNS} from notifications where id = any($1::uuid[])`, [[...ids]]),
    async page({ channelIds, alertIds, states, owner }, request) {
      const parameters = createSqlParameters();
      const forward = request.direction === 'forward';
      const conditions = ['true'];
      if (channelIds) conditions.push(`channel_id = any(${parameters.add(channelIds, 'uuid[]')})`);
      if (alertIds) conditions.push(`alert_id = any(${parameters.add(alertIds, 'uuid[]')})`);
      if (states) conditions.push(`state = any(${parameters.add(states, 'text[]')})`);
      if (owner !== undefined)
        conditions.push(`channel_id in (select id from notification_channels where owner = ${parameters.add(owner, 'text')})`);
      if (request.cursor !== null) conditions.push(`id ${forward ? '<' : '>'} ${parameters.add(request.cursor, 'uuid')}`);
      const order = `order by id ${forward ? 'desc' : 'asc'} limit ${parameters.add(request.limit + 1, 'int')}`;
      const text = `select ${NOTIFICATION_COLUMNS} from notifications where ${conditions.join(' and ')} ${order}`;
      return pageOf(await sql.unsafe<Notification[]>(text, parameters.values as never[]), request);
    },
    async ofAlerts(alertIds, mostOfEach, owner) {
      const parameters = createSqlParameters();
      const wanted = parameters.add(alertIds, 'uuid[]');
      const ofOwner =
        owner === undefined
          ? ''
          : `and channel_id in (select id from notification_channels where owner = ${parameters.add(owner, 'text')})`;
      const text = `select told.* from unnest(${wanted}) as alert (id) cross join lateral (
          select ${NOTIFICATION_COLUMNS} from notifications where alert_id = alert.id ${ofOwner} order by notifications.id desc limit ${parameters.add(mostOfEach, 'int')}
        ) told order by told.id desc`;
      return sql.unsafe<Notification[]>(text, parameters.values as never[]);
    },
    attempts: async (deliveryIds) =>
      sql.unsafe<DeliveryAttempt[]>(
        `select id, delivery_id as "deliveryId", channel_id as "channelId", number, notifications, started_at as "startedAtMs", duration_ms as "durationMs", outcome, status,
           response_excerpt as "responseExcerpt", error
         from notification_attempts where delivery_id = any($1::uuid[]) order by delivery_id, number`,
        [[...deliveryIds]],
      ),
    async requeue(transaction, ids) {
      const rows = await transaction.unsafe<{ channelId: string }[]>(
        `update notifications set state = 'QUEUED', reason = null, attempts = 0, queued_at = now(), next_attempt_at = now(), delivered_at = null
         where state <> 'QUEUED' and (id = any($1::uuid[]) or delivery_id in (select delivery_id from notifications where id = any($1::uuid[])))
           and channel_id in (select id from notification_channels where kind <> 'WEBSOCKET')
         returning channel_id as "channelId"`,
        [[...ids]],
      );
      return [...new Set(rows.map(({ channelId }) => channelId))];
    },
  };
}
