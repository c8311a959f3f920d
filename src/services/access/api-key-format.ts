/** Tells keys from tokens, and lets scanners of source code find the ones that leaked. */
const PREFIX = 'swk_';
const ID_BYTES = 16;
export const API_KEY_SECRET_BYTES = 32;
/** 48 bytes are exactly 64 characters of base64url: every key has one spelling. */
const KEY = /^swk_[A-Za-z0-9_-]{64}$/;
/** Of the id, whose first 48 bits are the time: enough to tell keys apart, nothing of the secret. */
const SHOWN_CHARACTERS = 12;

export interface ApiKeyParts {
  /** UUID. */
  readonly id: string;
  readonly secret: Buffer;
}

/** Whether a text is meant as a key; see parseApiKey for whether it is one. */
export function looksLikeApiKey(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** @param secret API_KEY_SECRET_BYTES random bytes */
export function formatApiKey({ id, secret }: ApiKeyParts): string {
  return PREFIX + Buffer.concat([idBytes(id), secret]).toString('base64url');
}

/** Null when it cannot be a key. */
export function parseApiKey(key: string): ApiKeyParts | null {
  if (!KEY.test(key)) return null;
  const bytes = Buffer.from(key.slice(PREFIX.length), 'base64url');
  const hex = bytes.toString('hex', 0, ID_BYTES);
  const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return { id, secret: bytes.subarray(ID_BYTES) };
}

/** How the key with this id begins, for people. */
export function apiKeyPrefix(id: string): string {
  return PREFIX + idBytes(id).toString('base64url').slice(0, SHOWN_CHARACTERS);
}

function idBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}
