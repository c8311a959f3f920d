import { type AuditEntry, draftAuditEntry } from '../../domain/access/audit-entry.ts';
import { isPermitted } from '../../domain/access/permission.ts';
import type { Viewer } from '../../domain/access/viewer.ts';
import { LimitExceededError } from '../../domain/errors/limit-exceeded-error.ts';
import { NotFoundError } from '../../domain/errors/not-found-error.ts';
import { ValidationError } from '../../domain/errors/validation-error.ts';
import { canInspectChannel } from '../../domain/notifications/can-inspect-channel.ts';
import type { Notification } from '../../domain/notifications/notification.ts';
import type { AuditLog } from '../access/audit-log.ts';
import { parseReason } from '../access/parse-reason.ts';
import type { Page } from '../paging/page.ts';
import type { PageRequest } from '../paging/page-request.ts';
import type { ChannelService } from './channel-service.ts';
import type { NotificationService } from './notification-service.ts';
import type { NotificationQuery } from './notification-store.ts';
import type { ChannelRequest } from './owned-channels.ts';

export interface OwnedNotificationsDeps {
  readonly notifications: Pick<NotificationService, 'byIds' | 'page' | 'ofAlerts' | 'attempts' | 'replay'>;
  readonly channels: Pick<ChannelService, 'byIds'>;
  readonly auditLog: Pick<AuditLog, 'append' | 'committed'>;
  /** UUIDv7. */
  readonly newId: () => string;
}

/** Notifications for people: those of one's own channels, and of all channels for administrators. Others are not found. */
export interface OwnedNotifications extends Pick<NotificationService, 'attempts'> {
  /** The order is not that of the ids. */
  byIds(ids: readonly string[], viewer: Viewer): Promise<Notification[]>;
  /** Newest first. */
  page(query: Omit<NotificationQuery, 'owner'>, request: PageRequest, viewer: Viewer): Promise<Page<Notification>>;
  /** The newest of each alert, at most MOST_OF_AN_ALERT, newest first within an alert. */
  ofAlerts(alertIds: readonly string[], viewer: Viewer): Promise<Notification[]>;
  /** See NotificationService.replay; in the order of the ids. @throws NotFoundError, ValidationError, LimitExceededError */
  replay(ids: readonly string[], request: ChannelRequest): Promise<Notification[]>;
}

/** A receiver that was away for a day is sent everything again in a few calls; more at once would hold up the audit trail. */
const MOST_AT_ONCE = 100;

/** A few changes told on a few channels; an alert that is met again and again has more, which `page` gives. */
export const MOST_OF_AN_ALERT = 50;

export function createOwnedNotifications({ notifications, channels, auditLog, newId }: OwnedNotificationsDeps): OwnedNotifications {
  async function byIds(ids: readonly string[], viewer: Viewer): Promise<Notification[]> {
    const found = await notifications.byIds(ids);
    if (isPermitted(viewer.roles, 'MANAGE_ACCESS') || found.length === 0) return found;
    const theirs = await channels.byIds([...new Set(found.map(({ channelId }) => channelId))]);
    const visible = new Set(theirs.filter((channel) => canInspectChannel(channel, viewer)).map(({ id }) => id));
    return found.filter(({ channelId }) => visible.has(channelId));
  }

  /** Whose channels the viewer may look into; undefined: of all. */
  const ownerFor = ({ roles, subject }: Viewer) => (isPermitted(roles, 'MANAGE_ACCESS') ? undefined : subject);

  return {
    attempts: notifications.attempts,
    byIds,
    page: (query, request, viewer) => notifications.page({ ...query, owner: ownerFor(viewer) }, request),
    ofAlerts: (alertIds, viewer) => notifications.ofAlerts(alertIds, MOST_OF_AN_ALERT, ownerFor(viewer)),

    async replay(ids, { caller, reason }) {
      const parsedReason = parseReason(reason);
      const wanted = [...new Set(ids)];
      if (wanted.length === 0)
        throw new ValidationError([{ path: 'ids', message: 'expected the id of at least one notification, got none' }]);
      if (wanted.length > MOST_AT_ONCE) throw new LimitExceededError('notifications to replay', MOST_AT_ONCE, wanted.length);
      const visible = await byIds(wanted, caller.viewer);
      const seen = new Set(visible.map(({ id }) => id));
      const missing = wanted.find((id) => !seen.has(id));
      if (missing !== undefined) throw new NotFoundError(`expected the id of a notification, got ${missing}`);
      const concerned = await channels.byIds([...new Set(visible.map(({ channelId }) => channelId))]);
      const drafts = concerned.map(({ id, name }) =>
        draftAuditEntry(newId(), caller, {
          action: 'CHANNEL_REPLAYED',
          objectKind: 'NOTIFICATION_CHANNEL',
          objectId: id,
          objectName: name,
          reason: parsedReason,
        }),
      );
      let entries: readonly AuditEntry[] = [];
      const replayed = await notifications.replay(wanted, async (transaction) => {
        entries = await auditLog.append(transaction, drafts);
      });
      auditLog.committed(entries);
      const byId = new Map(replayed.map((notification) => [notification.id, notification]));
      return wanted.map((id) => byId.get(id)!);
    },
  };
}
