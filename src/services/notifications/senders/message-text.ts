import type { OutgoingMessage } from './sender.ts';

/** Subject and text of a message for people, in the format its notifications were rendered in. */
export function messageText({ notifications }: Pick<OutgoingMessage, 'notifications'>): {
  readonly subject: string;
  readonly body: string;
} {
  const [first] = notifications;
  if (notifications.length === 1) return { subject: first.subject, body: first.body };
  return {
    subject: `${notifications.length} notifications, the first: ${first.subject}`,
    body: notifications.map(({ subject, body }) => (body === '' ? subject : `${subject}\n${body}`)).join('\n\n'),
  };
}
