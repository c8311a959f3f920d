import type { Notification } from '../../../domain/notifications/notification.ts';
import type { OutgoingMessage } from './sender.ts';

/** `type`, `timestamp`, `data`, as Standard Webhooks recommends. Every attempt has the same body. */
export function webhookBody({ notifications }: OutgoingMessage): string {
  const [first] = notifications;
  const timestamp = new Date(first.createdAtMs).toISOString();
  if (notifications.length === 1) return JSON.stringify({ type: typeOf(first), timestamp, data: dataOf(first) });
  const parts = notifications.map((notification) => ({ type: typeOf(notification), ...dataOf(notification) }));
  return JSON.stringify({ type: 'alert.digest', timestamp, data: { notifications: parts } });
}

function typeOf({ kind }: Notification): string {
  return `alert.${kind.toLowerCase()}`;
}

function dataOf({ id, alertId, subject, body, payload, createdAtMs }: Notification) {
  return { ...payload, notificationId: id, alertId, subject, body, createdAt: new Date(createdAtMs).toISOString() };
}
