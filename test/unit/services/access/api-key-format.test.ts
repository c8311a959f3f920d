import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import {
  API_KEY_SECRET_BYTES,
  apiKeyPrefix,
  formatApiKey,
  looksLikeApiKey,
  parseApiKey,
} from '../../../../src/services/access/api-key-format.ts';

const aSecret = fc.uint8Array({ minLength: API_KEY_SECRET_BYTES, maxLength: API_KEY_SECRET_BYTES }).map((bytes) => Buffer.from(bytes));

describe('an API key', () => {
  it('holds its id and its secret, whatever they are', () => {
    fc.assert(
      fc.property(fc.uuid(), aSecret, (id, secret) => {
        const key = formatApiKey({ id, secret });
        expect(key).toMatch(/^swk_[\w-]{64}$/);
        expect(looksLikeApiKey(key)).toBe(true);
        expect(parseApiKey(key)).toEqual({ id, secret });
      }),
    );
  });

  it('has one spelling: what is read from another text is written as another text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^swk_[\w-]{64}$/), (text) => {
        const parts = parseApiKey(text);
        expect(parts && formatApiKey(parts)).toBe(text);
      }),
    );
  });

  it('begins with what people are shown, which is nothing of its secret', () => {
    const id = uuidv7();
    const [one, other] = [Buffer.alloc(API_KEY_SECRET_BYTES, 1), Buffer.alloc(API_KEY_SECRET_BYTES, 2)].map((secret) =>
      formatApiKey({ id, secret }),
    );
    expect(one).not.toBe(other);
    expect(one!.startsWith(apiKeyPrefix(id))).toBe(true);
    expect(other!.startsWith(apiKeyPrefix(id))).toBe(true);
    expect(apiKeyPrefix(id)).toHaveLength(16);
  });
});

describe('what is no API key', () => {
  const key = formatApiKey({ id: uuidv7(), secret: Buffer.alloc(API_KEY_SECRET_BYTES, 7) });

  it.each([
    ['nothing', ''],
    ['the prefix alone', 'swk_'],
    ['one character less', key.slice(0, -1)],
    ['one character more', `${key}A`],
    ['another prefix', key.replace('swk_', 'swe_')],
    ['letters of base64 that base64url does not have', `${key.slice(0, -1)}+`],
    ['padding', `${key.slice(0, -1)}=`],
    ['a line behind it', `${key}\n`],
    ['space before it', ` ${key}`],
  ])('%s', (_what, text) => {
    expect(parseApiKey(text)).toBeNull();
  });
});
