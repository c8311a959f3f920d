/** What is read of the table of notifications. */
export const NOTIFICATION_COLUMNS = `id, channel_id as "channelId", alert_id as "alertId", kind, subject, body, payload, state, reason, delivery_id as "deliveryId", attempts,
  created_at as "createdAtMs", next_attempt_at as "nextAttemptAtMs", delivered_at as "deliveredAtMs"`;
