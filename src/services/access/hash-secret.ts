import { createHash } from 'node:crypto';

/** SHA-256: what is stored of a secret of 256 random bits, and compared with. Nothing slower is needed where there is nothing to guess. */
export function hashSecret(secret: Buffer): Buffer {
  return createHash('sha256').update(secret).digest();
}
