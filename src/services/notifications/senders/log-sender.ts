import type { Logger } from 'pino';
import type { Sender } from './sender.ts';

/** A line in the log of the server. */
export function createLogSender({ log }: { log: Logger }): Sender<'LOG'> {
  return async ({ id, notifications }, { channelId }) => {
    for (const { id: notificationId, alertId, kind, subject, body, payload } of notifications) {
      log.info({ deliveryId: id, notificationId, channelId, alertId, kind, subject, body, payload }, 'alert notification');
    }
    return { outcome: 'DELIVERED', status: null, responseExcerpt: null, error: null, retryAfterMs: null };
  };
}
