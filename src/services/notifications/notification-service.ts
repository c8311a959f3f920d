import type { Sql, Transaction } from '../../db/client.ts';
import { NotFoundError } from '../../domain/errors/not-found-error.ts';
import type { Notification, NotificationDraft } from '../../domain/notifications/notification.ts';
import type { ChannelStore } from './channel-store.ts';
import { insertNotifications } from './insert-notifications.ts';
import type { NotificationStore } from './notification-store.ts';
import type { WakeQueue } from './wake.ts';

export interface NotificationServiceDeps {
  /** For writing. */
  readonly sql: Sql;
  readonly store: NotificationStore;
  readonly channels: Pick<ChannelStore, 'byIds'>;
  readonly wakes: Pick<WakeQueue, 'add'>;
  /** Something has been queued. */
  readonly nudge: () => void;
  readonly newId: () => string;
}

/** Called in the transaction of what was done. */
export type NotificationsChanged = (transaction: Transaction) => Promise<void>;

/** Tells alerts on channels: at least once each, under ids that stay. */
export interface NotificationService extends Pick<NotificationStore, 'byIds' | 'page' | 'ofAlerts' | 'attempts'> {
  /**
   * Queues notifications as part of the transaction: with it they are sent, without it they have never been. Ids that are stored already are left alone. Channels that do not exist or are
   * disabled leave a SKIPPED notification. Call `nudge` when the transaction is committed.
   */
  notify(transaction: Transaction, drafts: readonly NotificationDraft[]): Promise<void>;
  /** Sends now what would be sent within the poll interval. */
  nudge(): void;
  /** A message that says it is a test, to one channel. @throws NotFoundError */
  test(channelId: string, done?: NotificationsChanged): Promise<Notification>;
  /** Sends them again under the ids they have, with a new budget; those that wait anyway are left alone. @throws NotFoundError */
  replay(ids: readonly string[], done?: NotificationsChanged): Promise<Notification[]>;
}

export function createNotificationService({ sql, store, channels, wakes, nudge, newId }: NotificationServiceDeps): NotificationService {
  async function notify(transaction: Transaction, drafts: readonly NotificationDraft[]): Promise<void> {
    const queued = await insertNotifications(transaction, drafts);
    await wakes.add(
      transaction,
      queued.map(({ channelId, dueAtMs }) => ({ data: { channelId }, startAtMs: dueAtMs })),
    );
  }

  return {
    byIds: store.byIds,
    page: store.page,
    ofAlerts: store.ofAlerts,
    attempts: store.attempts,
    notify,
    nudge,

    async test(channelId, done) {
      const [channel] = await channels.byIds([channelId]);
      if (!channel || channel.deletedAtMs !== null) throw new NotFoundError(`expected the id of a notification channel, got ${channelId}`);
      const id = newId();
      const draft: NotificationDraft = {
        id,
        channelId,
        alertId: null,
        kind: 'TEST',
        subject: 'Test notification of Strikewire',
        body: 'This is a test of a notification channel. Nothing has happened.',
        payload: { isTest: true, channelId },
      };
      await sql.begin(async (transaction) => {
        await notify(transaction, [draft]);
        await done?.(transaction);
      });
      nudge();
      const [notification] = await store.byIds([id]);
      return notification!;
    },

    async replay(ids, done) {
      const wanted = [...new Set(ids)];
      const found = new Set((await store.byIds(wanted)).map(({ id }) => id));
      const missing = wanted.find((id) => !found.has(id));
      if (missing !== undefined) throw new NotFoundError(`expected the id of a notification, got ${missing}`);
      await sql.begin(async (transaction) => {
        const woken = await store.requeue(transaction, wanted);
        await wakes.add(
          transaction,
          woken.map((channelId) => ({ data: { channelId } })),
        );
        await done?.(transaction);
      });
      nudge();
      return store.byIds(wanted);
    },
  };
}
