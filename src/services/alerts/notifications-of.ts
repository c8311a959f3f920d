import type { AlertChange } from '../../domain/alerts/alert-change.ts';
import { escapeOutput } from '../../domain/alerts/escape-output.ts';
import { messageFormatOf } from '../../domain/notifications/message-format-of.ts';
import type { NotificationDraft, NotificationKind } from '../../domain/notifications/notification.ts';
import type { ChannelKind } from '../../domain/notifications/notification-channel.ts';
import { notificationIdOf } from '../notifications/notification-id.ts';

/**
 * What a change of an alert tells on its channels.
 *
 * @param kindOf of a channel; null: there is none, which leaves a notification that says so
 */
export function notificationsOf(change: AlertChange, kindOf: (channelId: string) => ChannelKind | null): NotificationDraft[] {
  const { id, kind, alert, comment, atMs } = change;
  return change.channelIds.map((channelId) => {
    const format = messageFormatOf(kindOf(channelId) ?? 'LOG');
    const { title, body, view, status, ruleRevision } = alert;
    return {
      id: notificationIdOf(id, channelId),
      channelId,
      alertId: alert.id,
      kind: notificationKindOf(change),
      subject: escapeOutput(format, kind === 'ESCALATED' ? `Escalated: ${title}` : title),
      body: escapeOutput(format, body),
      payload: { change: { id, kind, at: new Date(atMs).toISOString(), comment }, status, title, body, ruleRevision, ...view },
    };
  });
}

function notificationKindOf({ kind, notify, alert }: AlertChange): NotificationKind {
  if (alert.isTest) return 'TEST';
  return kind === 'ESCALATED' || notify === null ? 'ESCALATED' : notify;
}
