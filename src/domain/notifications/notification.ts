/** What a notification tells. */
export const NOTIFICATION_KINDS = ['FIRED', 'AGAIN', 'ACKNOWLEDGED', 'RESOLVED', 'ESCALATED', 'TEST'] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** QUEUED: waits for its first or next attempt; DELIVERED: the receiver has accepted it; DEAD: given up, replay is possible; SKIPPED: never tried, because its channel is disabled or gone. */
export const NOTIFICATION_STATES = ['QUEUED', 'DELIVERED', 'DEAD', 'SKIPPED'] as const;
export type NotificationState = (typeof NOTIFICATION_STATES)[number];

/** What is to be told on one channel. */
export interface NotificationDraft {
  /** UUIDv7, the same whenever the same thing is told: stored once, however often it is handed over. */
  readonly id: string;
  readonly channelId: string;
  /** Null: a test of the channel. */
  readonly alertId: string | null;
  readonly kind: NotificationKind;
  /** One line, rendered in the format of the channel's kind (see `messageFormatOf`). */
  readonly subject: string;
  /** Rendered in the same format. */
  readonly body: string;
  /** What programs read: the `data` of a webhook. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** One delivery of an alert on one channel. */
export interface Notification extends NotificationDraft {
  readonly state: NotificationState;
  /** Why it is DEAD or SKIPPED; null otherwise. */
  readonly reason: string | null;
  /** Of the message that carried it, which may hold several notifications: its own id when it goes alone; null before the first attempt. */
  readonly deliveryId: string | null;
  /** Attempts since it was queued or replayed. */
  readonly attempts: number;
  readonly createdAtMs: number;
  /** Null unless it is QUEUED. */
  readonly nextAttemptAtMs: number | null;
  /** Null unless it is DELIVERED. */
  readonly deliveredAtMs: number | null;
}
