import type { GuardedPost } from '../outgoing/guarded-request.ts';
import { answerResult } from './answer-result.ts';
import { messageText } from './message-text.ts';
import type { Sender } from './sender.ts';

/** Slack cuts texts of messages at 40,000 characters, and refuses sections of more than 3,000 (https://docs.slack.dev/reference/block-kit/blocks/section-block). */
const LONGEST_SECTION = 3_000;
const LONGEST_TEXT = 4_000;
const MOST_SECTIONS = 45;

/** Incoming webhooks of Slack and of what understands them (Mattermost, Rocket.Chat). */
export function createSlackSender({ post, clock }: { post: GuardedPost; clock: () => number }): Sender<'SLACK'> {
  return async (message, { secrets }, signal) => {
    const body = JSON.stringify(slackMessage(messageText(message)));
    const headers = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Strikewire' };
    return answerResult(await post({ url: secrets.url, headers, body }, signal), clock());
  };
}

/** @param text in Slack's format: `&`, `<` and `>` that mean themselves are escaped already */
export function slackMessage({ subject, body }: { subject: string; body: string }) {
  const texts = [`*${subject}*`, ...chunksOf(body, LONGEST_SECTION).slice(0, MOST_SECTIONS)];
  return {
    // What notifications of the operating system and programs without blocks show.
    text: cut(body === '' ? subject : `${subject}\n${body}`, LONGEST_TEXT),
    blocks: texts.map((text) => ({ type: 'section', text: { type: 'mrkdwn', text: cut(text, LONGEST_SECTION) } })),
    unfurl_links: false,
  };
}

/** Never within a surrogate pair or an escaped character. */
function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/&[a-z]{0,3}$|[\ud800-\udbff]$/, '')}…`;
}

/** At line breaks where there are some. */
function chunksOf(text: string, longest: number): string[] {
  const chunks: string[] = [];
  let rest = text;
  while (rest.length > longest) {
    const at = rest.lastIndexOf('\n', longest);
    const chunk = at > 0 ? rest.slice(0, at) : rest.slice(0, longest).replace(/&[a-z]{0,3}$|[\ud800-\udbff]$/, '');
    chunks.push(chunk);
    rest = rest.slice(at > 0 ? at + 1 : chunk.length);
  }
  return rest === '' ? chunks : [...chunks, rest];
}
