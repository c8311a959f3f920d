import type { GuardedPost } from '../outgoing/guarded-request.ts';
import { answerResult } from './answer-result.ts';
import type { SmsProvider } from './sms-provider.ts';

/** https://www.twilio.com/docs/messaging/api/message-resource#create-a-message */
export function createTwilioProvider({ post, clock }: { post: GuardedPost; clock: () => number }): SmsProvider {
  return {
    async send({ baseUrl, accountSid, authToken }, { from, to, text }, signal) {
      const url = `${baseUrl.replace(/\/+$/, '')}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`;
      const headers = {
        authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': 'Strikewire',
      };
      return answerResult(
        await post({ url, headers, body: new URLSearchParams({ From: from, To: to, Body: text }).toString() }, signal),
        clock(),
      );
    },
  };
}
