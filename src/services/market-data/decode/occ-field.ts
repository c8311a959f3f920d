import { CALL, PUT } from '../../../domain/chain/chain-snapshot.ts';

/** Right and strike take the last nine bytes of an OCC symbol, root and date what is before them. */
export const OCC_TERMS_LENGTH = 9;

/** Strike of the OCC symbol in bytes[start, end): NaN when its last eight bytes are not digits. */
export function occStrike(bytes: Uint8Array, start: number, end: number): number {
  if (end - start <= OCC_TERMS_LENGTH) return Number.NaN;
  let thousandths = 0;
  for (let i = end - 8; i < end; i++) {
    const digit = bytes[i]! - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    thousandths = thousandths * 10 + digit;
  }
  return thousandths / 1000;
}

/** CALL, PUT, or -1 when the OCC symbol that ends at `end` says neither. */
export function occRight(bytes: Uint8Array, end: number): number {
  const letter = bytes[end - OCC_TERMS_LENGTH];
  if (letter === 67) return CALL;
  return letter === 80 ? PUT : -1;
}
