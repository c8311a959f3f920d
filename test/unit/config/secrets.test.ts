import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/config/config-error.ts';
import { type Given, issuesOf, load } from './load.ts';

/** Long and odd enough never to be part of a message by chance. */
const secretText = fc.string({ unit: 'binary-ascii', minLength: 0, maxLength: 30 }).map((text) => `Zq9${text.replace(/[\s\0]/g, '_')}Zq9`);

/** Places a secret can stand in, rightly or by a slip, each with something wrong beside or around it. */
const places: readonly ((secret: string) => Given)[] = [
  (secret) => ({ env: { FEED: 'tradier', FEED_TRADIER_TOKEN: secret, PORT: 'x' } }),
  (secret) => ({ env: { FEED_TRADIER_TOKN: secret } }),
  (secret) => ({ env: { DATABASE_URL: secret } }),
  (secret) => ({ env: { DATABASE_URL: `mysql://u:${secret}@h/db` } }),
  (secret) => ({ env: { REDIS_URL: `redis://:${secret}@ h` } }),
  (secret) => ({ env: { FEED_TRADIER_URL: `ftp://u:${secret}@h/` } }),
  (secret) => ({ env: { FEED_TRADIER_URL: `ftp://h/?key=${secret}` } }),
  (secret) => ({ argv: [`--tradier-token=${secret}`] }),
  (secret) => ({ argv: ['--tradier-token', secret] }),
  (secret) => ({ argv: ['--port', '1', secret] }),
  (secret) => ({ yaml: `feed:\n  tradier:\n    token: ${JSON.stringify(secret)}\n  seed: -1\n` }),
  (secret) => ({ yaml: `feed:\n  tradier:\n    token: [${JSON.stringify(secret)}]\n` }),
  (secret) => ({ yaml: `feed:\n  tradier:\n    token: {a: ${JSON.stringify(secret)}}\n` }),
  (secret) => ({ yaml: `feed:\n  tradier:\n    tokn: ${JSON.stringify(secret)}\n` }),
  (secret) => ({ yaml: `feed:\n  tradier:\n    token: "${secret}\n` }),
  (secret) => ({ yaml: `feed:\n  tradier:\n    token: '${secret}\n` }),
  (secret) => ({ yaml: `feed:\n  tradier:\n    token: ${secret}\nlog: {level: loud}\n` }),
  (secret) => ({ yaml: `feed:\n  tradier:\n    token:${secret}\n` }),
  (secret) => ({ yaml: `feed:\n  tradier: {token:${secret.replace(/[,:{}[\]?]/g, '_')}}\n` }),
  // Without the characters that would make a part of the secret a key of its own: names of unknown keys are shown.
  (secret) => ({ yaml: `feed:\n  tradier: {token ${secret.replace(/[,:{}[\]?]/g, '_')}: 1}\n` }),
  (secret) => ({ yaml: `feed:\n  tradier:\n    token: "a" ${secret}\n` }),
  (secret) => ({ yaml: `database:\n  url: *${secret}\n` }),
  (secret) => ({ yaml: `database:\n  url: !${secret} x\n` }),
  (secret) => ({ yaml: `database:\n  url: http://u:${secret}@h\n` }),
];

function messageOf(given: Given): string {
  try {
    load(given);
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

describe('secrets', () => {
  it('never stand in a message, wherever they were put and whatever is wrong', () => {
    fc.assert(
      fc.property(secretText, fc.constantFrom(...places), (secret, place) => {
        expect(messageOf(place(secret))).not.toContain('Zq9');
      }),
      { numRuns: 500 },
    );
  });

  it('are refused with their type only', () => {
    expect(issuesOf({ env: { DATABASE_URL: 'hunter2' } })).toEqual([
      'environment variable DATABASE_URL: expected a URL beginning with postgres:// or postgresql://, got a string that is not shown because it is a secret',
    ]);
    expect(issuesOf({ yaml: 'feed:\n  tradier:\n    token: 4242\n' })).toEqual([
      'strikewire.yaml:3:12: feed.tradier.token: expected an access token, got a number that is not shown because it is a secret',
    ]);
  });

  it('do not hide harmless URLs', () => {
    expect(issuesOf({ env: { FEED_CBOE_URL: 'ftp://host' } })).toEqual([expect.stringContaining('got "ftp://host"')]);
  });
});
