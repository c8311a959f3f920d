import type { Logger } from 'pino';
import type { Sql } from '../../db/client.ts';
import type { NotificationMetrics, QueueReading } from './notification-metrics.ts';
import { removeOldNotifications } from './remove-old-notifications.ts';
import type { WakeQueue } from './wake.ts';

/** Looks at the queue now and then: for the metrics, for channels that nobody wakes although something has been due for long, as after a restored backup, and for what is too old to be kept. */
export interface NotificationSurvey {
  start(): void;
  look(): Promise<void>;
  stop(): Promise<void>;
}

export interface NotificationSurveyDeps {
  readonly sql: Sql;
  readonly wakes: Pick<WakeQueue, 'add'>;
  readonly metrics: Pick<NotificationMetrics, 'surveyed'>;
  readonly log: Logger;
  readonly intervalMs: number;
  /** A healthy channel sends within this time. */
  readonly overdueMs: number;
  /** Notifications are kept for so many days. */
  readonly retentionDays: number;
}

interface QueueRow {
  readonly queued: number;
  readonly oldestAgeSeconds: number;
  readonly closed: number;
  readonly open: number;
  readonly halfOpen: number;
}

export function createNotificationSurvey(deps: NotificationSurveyDeps): NotificationSurvey {
  const { sql, wakes, metrics, log, intervalMs, overdueMs, retentionDays } = deps;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  let stopped = false;

  async function reading(): Promise<QueueReading> {
    const [row] = await sql<QueueRow[]>`
      select queue.*, breakers.* from
        (select count(*) as queued, coalesce(greatest(extract(epoch from now() - min(queued_at)), 0), 0)::float8 as "oldestAgeSeconds"
         from notifications where state = 'QUEUED') as queue,
        (select count(*) filter (where open_until is null) as closed, count(*) filter (where open_until > now()) as open,
           count(*) filter (where open_until <= now()) as "halfOpen"
         from notification_channels left join notification_channel_states on channel_id = id
         where enabled and deleted_at is null and kind <> 'WEBSOCKET') as breakers`;
    const { queued, oldestAgeSeconds, closed, open, halfOpen } = row!;
    return { queued, oldestAgeSeconds, breakers: { CLOSED: closed, OPEN: open, HALF_OPEN: halfOpen } };
  }

  async function wakeForgotten(): Promise<void> {
    await sql.begin(async (transaction) => {
      const forgotten = await transaction<{ channelId: string }[]>`
        select distinct queued.channel_id as "channelId" from notifications as queued left join notification_channel_states as state on state.channel_id = queued.channel_id
        where queued.state = 'QUEUED' and next_attempt_at < now() - ${overdueMs}::float8 * interval '1 millisecond'
          and greatest(leased_until, open_until, paused_until, '-infinity') < now()`;
      await wakes.add(
        transaction,
        forgotten.map(({ channelId }) => ({ data: { channelId } })),
      );
    });
  }

  async function removeOld(): Promise<void> {
    let total = 0;
    let mayBeMore = true;
    while (mayBeMore && !stopped) {
      const batch = await removeOldNotifications(sql, retentionDays);
      total += batch.removed;
      mayBeMore = batch.mayBeMore;
    }
    if (total > 0) log.info({ notifications: total, retentionDays }, 'old notifications are removed');
  }

  async function look(): Promise<void> {
    metrics.surveyed(await reading());
    await wakeForgotten();
    await removeOld();
  }

  return {
    start() {
      timer = setInterval(() => {
        looking ??= look()
          .catch((error: unknown) => log.warn({ err: error }, 'the queue of notifications cannot be looked at'))
          .finally(() => {
            looking = null;
          });
      }, intervalMs);
    },
    look,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await looking;
    },
  };
}
