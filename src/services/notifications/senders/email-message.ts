import type { SendMailOptions } from 'nodemailer';
import type { EmailSettings } from '../../../domain/notifications/notification-channel.ts';
import { messageText } from './message-text.ts';
import type { OutgoingMessage } from './sender.ts';

/** RFC 5322 allows 998 characters in a line; what is longer than this nobody reads as a subject. */
const LONGEST_SUBJECT = 200;

/** Plain text and the same as HTML; with an id of its own, so that mail programs show repeated deliveries once. */
export function emailMessage(message: OutgoingMessage, { from, to }: Pick<EmailSettings, 'from' | 'to'>): SendMailOptions {
  const { subject, body } = messageText(message);
  const [first] = message.notifications;
  return {
    from,
    to: [...to],
    subject: subject.replace(/\s+/g, ' ').slice(0, LONGEST_SUBJECT),
    text: body === '' ? subject : body,
    html: `<pre style="font-family: inherit; white-space: pre-wrap">${escapeHtml(body === '' ? subject : body)}</pre>`,
    messageId: `<${message.id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    date: new Date(message.atMs),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Strikewire-Notification': message.notifications.map(({ id }) => id).join(' '),
      ...(first.alertId !== null && message.notifications.length === 1 && { 'X-Strikewire-Alert': first.alertId }),
    },
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
