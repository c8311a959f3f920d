import { plainStringEnd, readJsonNumber, skipJsonSpace } from './json-bytes.ts';
import { createKeyReader } from './json-keys.ts';

/** The numbers read of each option, as Cboe names them. */
export const CBOE_NUMBERS = [
  'bid',
  'ask',
  'bid_size',
  'ask_size',
  'last_trade_price',
  'volume',
  'open_interest',
  'theo',
  'iv',
  'delta',
] as const;

/** Reads options as Cboe writes them: objects of strings (printable ASCII without escapes), numbers and nulls. */
export interface CboeOptionScanner {
  /**
   * Reads the object that begins at `from` and writes its numbers, in the order of CBOE_NUMBERS, from `numbers[at]` on; NaN: null or not stated.
   * @returns behind its closing brace; -1 when it is anything else, valid JSON or not, or does not state its symbol as a string and its numbers as numbers
   */
  scan(from: number, at: number): number;
  /** Where the symbol of the last option stands. */
  symbolStart(): number;
  symbolEnd(): number;
  /** The greatest last_trade_time so far, as it is written; empty when there is none. */
  newestTradeTime(): string;
}

const [QUOTE, COMMA, COLON, LOWER_L, LOWER_N, LOWER_U, OPENING_BRACE, CLOSING_BRACE] = [34, 44, 58, 108, 110, 117, 123, 125];

/** What a key means where it is none of the numbers. */
const SYMBOL = -1;
const TRADE_TIME = -2;
const IGNORED = -3;
const MEANINGS = new Map<string, number>([
  ...CBOE_NUMBERS.map((name, number): [string, number] => [name, number]),
  ['option', SYMBOL],
  ['last_trade_time', TRADE_TIME],
]);

export function createCboeOptionScanner(bytes: Buffer, numbers: Float64Array): CboeOptionScanner {
  const keys = createKeyReader(bytes, (key) => MEANINGS.get(key) ?? IGNORED);
  let symbolStart = -1;
  let symbolEnd = -1;
  let newestStart = 0;
  let newestEnd = 0;

  function scan(from: number, at: number): number {
    if (bytes[from] !== OPENING_BRACE) return -1;
    let symbol = -1;
    let tradeStart = 0;
    let tradeEnd = 0;
    numbers.fill(Number.NaN, at, at + CBOE_NUMBERS.length);
    let i = skipJsonSpace(bytes, from + 1);
    for (let key = 0; ; key++) {
      i = keys.read(key, i);
      if (i < 0) return -1;
      i = skipJsonSpace(bytes, i);
      if (bytes[i] !== COLON) return -1;
      i = skipJsonSpace(bytes, i + 1);
      const meaning = keys.meaning(key);
      const start = i;
      if (bytes[start] === QUOTE) {
        const end = plainStringEnd(bytes, start + 1);
        if (end < 0 || meaning >= 0) return -1;
        i = end + 1;
        if (meaning === SYMBOL) {
          symbol = start + 1;
          symbolEnd = end;
        } else if (meaning === TRADE_TIME) {
          tradeStart = start + 1;
          tradeEnd = end;
        }
      } else {
        if (meaning === SYMBOL) return -1;
        i = isNull(bytes, start) ? start + 4 : readJsonNumber(bytes, start, numbers, meaning < 0 ? -1 : at + meaning);
        if (i < 0) return -1;
        // Of a key that comes twice the last value counts.
        if (meaning === TRADE_TIME) tradeEnd = tradeStart;
        else if (meaning >= 0 && bytes[start] === LOWER_N) numbers[at + meaning] = Number.NaN;
      }
      i = skipJsonSpace(bytes, i);
      if (bytes[i] === CLOSING_BRACE) break;
      if (bytes[i] !== COMMA) return -1;
      i = skipJsonSpace(bytes, i + 1);
    }
    if (symbol < 0) return -1;
    symbolStart = symbol;
    if (isGreater(bytes, tradeStart, tradeEnd, newestStart, newestEnd)) {
      newestStart = tradeStart;
      newestEnd = tradeEnd;
    }
    return i + 1;
  }

  return {
    scan,
    symbolStart: () => symbolStart,
    symbolEnd: () => symbolEnd,
    newestTradeTime: () => bytes.toString('latin1', newestStart, newestEnd),
  };
}

function isNull(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === LOWER_N && bytes[at + 1] === LOWER_U && bytes[at + 2] === LOWER_L && bytes[at + 3] === LOWER_L;
}

/** Compares two texts of ASCII as JavaScript compares strings. */
function isGreater(bytes: Uint8Array, start: number, end: number, otherStart: number, otherEnd: number): boolean {
  const shorter = Math.min(end - start, otherEnd - otherStart);
  for (let i = 0; i < shorter; i++) {
    if (bytes[start + i] !== bytes[otherStart + i]) return bytes[start + i]! > bytes[otherStart + i]!;
  }
  return end - start > otherEnd - otherStart;
}
