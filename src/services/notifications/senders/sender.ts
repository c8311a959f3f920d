import type { ChannelSecrets } from '../../../domain/notifications/channel-secrets.ts';
import type { SendResult } from '../../../domain/notifications/delivery-attempt.ts';
import type { Notification } from '../../../domain/notifications/notification.ts';
import type { ChannelKind, ChannelSettings } from '../../../domain/notifications/notification-channel.ts';

/** What is sent at once: one notification, or the several of a digest. */
export interface OutgoingMessage {
  /** The same at every attempt; a lone notification's own id. */
  readonly id: string;
  /** At least one, in the order they were made. */
  readonly notifications: readonly [Notification, ...Notification[]];
  /** Epoch milliseconds of the attempt. */
  readonly atMs: number;
}

/** Where a message goes, with its secrets opened. */
export interface Destination<Kind extends ChannelKind = ChannelKind> {
  readonly channelId: string;
  readonly settings: Extract<ChannelSettings, { kind: Kind }>;
  readonly secrets: Kind extends ChannelSecrets['kind'] ? Extract<ChannelSecrets, { kind: Kind }> : null;
}

/** Sends on channels of one kind. Whatever goes wrong outside of this process is a result; what it throws is one too, by `failedResult`. */
export type Sender<Kind extends ChannelKind = ChannelKind> = (
  message: OutgoingMessage,
  destination: Destination<Kind>,
  signal: AbortSignal,
) => Promise<SendResult>;
