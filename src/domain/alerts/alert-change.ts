import type { Alert } from './alert.ts';
import type { Notice } from './decide-notification.ts';

export const ALERT_CHANGE_KINDS = [
  'FIRED',
  'UPDATED',
  'ACKNOWLEDGED',
  'UNACKNOWLEDGED',
  'SNOOZED',
  'UNSNOOZED',
  'ESCALATED',
  'COMMENTED',
  'RESOLVED',
] as const;
export type AlertChangeKind = (typeof ALERT_CHANGE_KINDS)[number];

/** Who did something by hand. */
export interface AlertActor {
  readonly subject: string;
  readonly kind: string;
}

export interface AlertChangeDraft {
  /** UUIDv7. */
  readonly id: string;
  readonly kind: AlertChangeKind;
  /** Null: the server. */
  readonly actor: AlertActor | null;
  readonly comment: string | null;
  /** As the change left it. */
  readonly alert: Alert;
  /** What receivers are told by this change; null: nothing. */
  readonly notify: Notice | null;
  /** Who is told. */
  readonly channelIds: readonly string[];
}

/** One entry of the stream of changes of alerts. */
export interface AlertChange extends AlertChangeDraft {
  readonly sequence: number;
  /** When it was stored, epoch milliseconds. */
  readonly atMs: number;
}
