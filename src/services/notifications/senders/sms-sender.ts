import { messageText } from './message-text.ts';
import type { Sender } from './sender.ts';
import type { SmsProvider } from './sms-provider.ts';

/** Ten segments of 153 characters are what carriers put together; Twilio refuses more than 1,600. */
const LONGEST_TEXT = 1_530;

export function createSmsSender({ provider }: { provider: SmsProvider }): Sender<'SMS'> {
  return (message, { settings, secrets }, signal) => {
    const { subject, body } = messageText(message);
    const text = body === '' ? subject : `${subject}\n${body}`;
    const { baseUrl, accountSid, from, to } = settings;
    const shown = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
    return provider.send({ baseUrl, accountSid, authToken: secrets.authToken }, { id: message.id, from, to, text: shown }, signal);
  };
}
