import type { SendResult } from '../../../domain/notifications/delivery-attempt.ts';

export interface TextMessage {
  /** The same at every attempt. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** Who carries text messages. */
export interface SmsProvider {
  send(account: { baseUrl: string; accountSid: string; authToken: string }, message: TextMessage, signal: AbortSignal): Promise<SendResult>;
}
