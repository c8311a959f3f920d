import type { ChannelKind } from './notification-channel.ts';

/** The format in which subject and body of a notification are to be rendered for a channel: SLACK's text has characters of its own, everything else takes plain text and escapes it itself. */
export function messageFormatOf(kind: ChannelKind): 'PLAIN' | 'SLACK' {
  return kind === 'SLACK' ? 'SLACK' : 'PLAIN';
}
