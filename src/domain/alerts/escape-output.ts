/** What a message is written in. SLACK: mrkdwn. JSON: the inside of a JSON string. */
export const MESSAGE_FORMATS = ['PLAIN', 'HTML', 'SLACK', 'JSON'] as const;
export type MessageFormat = (typeof MESSAGE_FORMATS)[number];

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * A plain text as it must be written to be shown as it is. Slack asks for three characters only (https://api.slack.com/reference/surfaces/formatting#escaping),
 * which keeps mentions (`<!channel>`) and links out; `*` and `_` may still make a word bold or slanted.
 */
export function escapeOutput(format: MessageFormat, text: string): string {
  switch (format) {
    case 'PLAIN':
      return text;
    case 'HTML':
      return text.replace(/[&<>"']/g, (character) => HTML[character]!);
    case 'SLACK':
      return text.replace(/[&<>]/g, (character) => HTML[character]!);
    case 'JSON':
      return JSON.stringify(text).slice(1, -1);
  }
}
