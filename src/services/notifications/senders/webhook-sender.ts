import type { GuardedPost } from '../outgoing/guarded-request.ts';
import { answerResult } from './answer-result.ts';
import type { Sender } from './sender.ts';
import { webhookBody } from './webhook-body.ts';
import { webhookHeaders } from './webhook-signature.ts';

export function createWebhookSender({ post, clock }: { post: GuardedPost; clock: () => number }): Sender<'WEBHOOK'> {
  return async (message, { settings, secrets }, signal) => {
    const body = webhookBody(message);
    const signing = secrets.signingSecrets.filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > message.atMs);
    const headers = {
      ...secrets.headers,
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Strikewire',
      ...webhookHeaders(
        message.id,
        message.atMs,
        body,
        signing.map(({ secret }) => secret),
      ),
    };
    return answerResult(await post({ url: settings.url, headers, body }, signal), clock());
  };
}
