import { CALL, PUT } from '../../../domain/chain/chain-snapshot.ts';

const [LOWER_C, LOWER_P] = [99, 112];

/** CALL of a field that says C or call in any case, PUT of P or put, -1 of any other. */
export function rightAt(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const letter = length > 0 ? bytes[start]! | 32 : 0;
  if (letter === LOWER_C && (length === 1 || length === 'call'.length)) return CALL;
  return letter === LOWER_P && (length === 1 || length === 'put'.length) ? PUT : -1;
}
