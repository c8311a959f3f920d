import { crc32 } from 'node:zlib';
import { MalformedCursorError } from '../stream-log/malformed-cursor-error.ts';

/** Longest key a cursor may carry; ids and symbols are far shorter. */
const LONGEST_CURSOR = 256;

/** The cursor of a row in a list that is ordered by a unique key: base64url of `kind:key:checksum`. */
export function encodeKeyCursor(kind: string, key: string): string {
  return Buffer.from(`${kind}:${key}:${checksum(kind, key)}`).toString('base64url');
}

/**
 * @param isKey whether the key can be one of the list; none can hold a NUL character
 * @throws MalformedCursorError when the text is no cursor of this kind
 */
export function decodeKeyCursor(kind: string, cursor: string, isKey: (key: string) => boolean = () => true): string {
  const text = cursor.length > LONGEST_CURSOR ? '' : Buffer.from(cursor, 'base64url').toString('utf8');
  const [, foundKind, key, sum] = /^([a-z-]+):(.*):([0-9a-f]{8})$/s.exec(text) ?? [];
  if (foundKind !== kind || key === undefined || sum !== checksum(kind, key) || key.includes('\0') || !isKey(key)) {
    throw new MalformedCursorError(`expected a cursor of a list of ${kind}s, got ${JSON.stringify(cursor.slice(0, 60))}`);
  }
  return key;
}

function checksum(kind: string, key: string): string {
  return crc32(`${kind}:${key}`).toString(16).padStart(8, '0');
}
