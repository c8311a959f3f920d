import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SecretKey } from './secret-keys.ts';
import { SecretsUnreadableError } from './secrets-unreadable-error.ts';

/** Seals texts with AES-256-GCM (NIST SP 800-38D). */
export interface SecretBox {
  /** @param place what the text belongs to: it can be opened for nothing else */
  seal(text: string, place: string): string;
  /** @throws SecretsUnreadableError when it was sealed with a key that is not known here, for something else, or has been changed */
  open(sealed: string, place: string): string;
  /** Whether it is sealed with the current key. */
  isCurrent(sealed: string): boolean;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param keys the first seals, all open: rotation puts the new key in front */
export function createSecretBox(keys: readonly [SecretKey, ...SecretKey[]]): SecretBox {
  const [current] = keys;
  return {
    seal(text, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current.bytes, nonce).setAAD(Buffer.from(place));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${current.id}.${nonce.toString('base64url')}.${sealed.toString('base64url')}`;
    },
    open(sealed, place) {
      const [keyId, nonce = '', body = ''] = sealed.split('.');
      const key = keys.find(({ id }) => id === keyId);
      if (!key)
        throw new SecretsUnreadableError(
          `expected secrets sealed with one of the keys ${keys.map(({ id }) => id).join(', ')}, got ${keyId}`,
        );
      const bytes = Buffer.from(body, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(nonce, 'base64url'), { authTagLength: TAG_BYTES });
        decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-TAG_BYTES));
        return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch (error) {
        throw new SecretsUnreadableError('expected secrets as they were sealed, got changed ones', { cause: error });
      }
    },
    isCurrent: (sealed) => sealed.startsWith(`${current.id}.`),
  };
}
