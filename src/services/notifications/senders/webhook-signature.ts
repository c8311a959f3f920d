import { createHmac } from 'node:crypto';

/**
 * The headers of Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md): one signature for each secret, so that a receiver may
 * change to a new one whenever it likes.
 * @param secrets `whsec_` and base64
 */
export function webhookHeaders(id: string, atMs: number, body: string, secrets: readonly string[]): Record<string, string> {
  const seconds = Math.floor(atMs / 1_000);
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signatures.join(' ') };
}
