import { CBOE_NUMBERS, createCboeOptionScanner } from './cboe-option-scanner.ts';
import { skipJsonSpace } from './json-bytes.ts';

/** What is read of the list of options in an answer of Cboe. */
export interface CboeOptions {
  readonly count: number;
  /** By option: where its symbol stands in the bytes. */
  readonly symbolStarts: Int32Array;
  readonly symbolEnds: Int32Array;
  /** As many numbers per option as there are CBOE_NUMBERS, in their order; NaN: null or not stated. */
  readonly numbers: Float64Array;
  /** The greatest last_trade_time, as it is written; empty when there is none. */
  readonly newestTradeTime: string;
  /** Behind the closing bracket. */
  readonly end: number;
}

const [COMMA, OPENING_BRACKET, CLOSING_BRACKET] = [44, 91, 93];
/** An option of Cboe has about 400 bytes; a list of much shorter ones is not of the known shape. */
const FEWEST_BYTES = 100;

/**
 * Reads the list of options that begins at `from` byte by byte, which takes a fraction of what JSON.parse takes and makes no object per option.
 * @returns null when it is not what Cboe writes (see CboeOptionScanner), be it valid JSON or not: that is for JSON.parse to judge
 */
export function scanCboeOptions(bytes: Buffer, from: number): CboeOptions | null {
  if (bytes[from] !== OPENING_BRACKET) return null;
  const capacity = Math.ceil((bytes.length - from) / FEWEST_BYTES);
  const symbolStarts = new Int32Array(capacity);
  const symbolEnds = new Int32Array(capacity);
  const numbers = new Float64Array(capacity * CBOE_NUMBERS.length);
  const scanner = createCboeOptionScanner(bytes, numbers);
  let i = skipJsonSpace(bytes, from + 1);
  let count = 0;
  while (bytes[i] !== CLOSING_BRACKET || count > 0) {
    i = count < capacity ? scanner.scan(i, count * CBOE_NUMBERS.length) : -1;
    if (i < 0) return null;
    symbolStarts[count] = scanner.symbolStart();
    symbolEnds[count] = scanner.symbolEnd();
    count++;
    i = skipJsonSpace(bytes, i);
    if (bytes[i] === CLOSING_BRACKET) break;
    if (bytes[i] !== COMMA) return null;
    i = skipJsonSpace(bytes, i + 1);
  }
  return { count, symbolStarts, symbolEnds, numbers, newestTradeTime: scanner.newestTradeTime(), end: i + 1 };
}
