import { secretTexts } from '../../domain/notifications/channel-secrets.ts';
import type { SendResult } from '../../domain/notifications/delivery-attempt.ts';
import type { ChannelKind } from '../../domain/notifications/notification-channel.ts';
import type { ChannelSecretBox } from './channel-secret-box.ts';
import type { StoredChannel } from './channel-store.ts';
import { redactSecrets } from './redact-secrets.ts';
import { failedResult } from './senders/failed-result.ts';
import type { OutgoingMessage, Sender } from './senders/sender.ts';

/** Kinds that something has to be sent for. */
export type SentKind = Exclude<ChannelKind, 'WEBSOCKET'>;
export type Senders = { readonly [Kind in SentKind]: Sender<Kind> };

/** Sends a message on a channel. Whatever happens is a result, without the channel's secrets; rejects only with the reason of the signal. */
export type Deliver = (channel: StoredChannel, message: OutgoingMessage, signal: AbortSignal) => Promise<SendResult>;

/** Of an answer or an error, for people. */
const LONGEST_TEXT = 1_000;

export function createDeliver({ senders, secrets: box }: { senders: Senders; secrets: Pick<ChannelSecretBox, 'open'> }): Deliver {
  return async (channel, message, signal) => {
    const { id: channelId, settings } = channel;
    let texts: readonly string[] = [];
    const told = (text: string | null) => (text === null ? null : printable(redactSecrets(text, texts)).slice(0, LONGEST_TEXT));
    let result: SendResult;
    try {
      const secrets = box.open(channelId, channel.sealedSecrets);
      texts = secretTexts(settings, secrets);
      // The settings, the secrets and the sender are of one kind: the channel's.
      const send = senders[settings.kind as SentKind] as Sender;
      result = await send(message, { channelId, settings, secrets } as Parameters<Sender>[1], signal);
    } catch (error) {
      signal.throwIfAborted();
      result = failedResult(error);
    }
    return { ...result, responseExcerpt: told(result.responseExcerpt), error: told(result.error) };
  };
}

/** PostgreSQL takes no NUL, and terminals no other control characters than tabs and line breaks. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => (character === '\n' || character === '\t' ? character : ''));
}
