import { OCC_TERMS_LENGTH } from './occ-field.ts';

/**
 * Reads lines of Cboe's quote table in one pass over their bytes: fields and numbers at once. It knows lines as Cboe writes them (see `scan`); every other one, sound
 * or not, is for the CSV reader, which tells this scanner what it found.
 */
export interface CboeLineScanner {
  /**
   * Reads the line that begins at `from` when it is a plain one: the date and series of a line that was learned, a call and the put of the same strike, numbers of
   * at most nine digits without an exponent or nothing, no quotes, a line feed at its end. Both readers find the same in such a line.
   * @returns where the next line begins; -1 for any other line
   */
  scan(from: number): number;
  /** The numbers of the last line: the strike and the CBOE_SIDE_FIELDS of the call, then those of the put. NaN: none. */
  readonly values: Float64Array;
  /** Number of the expiration of the last line, as it was learned. */
  expiration(): number;
  /**
   * Remembers how a line begins, up to the series of its call (`Tue Dec 13 2022,SPXW221213`), and what expiration that is. No part of it may stand in quotes.
   * @param seriesStart where the second field begins
   */
  learn(lineStart: number, seriesStart: number, seriesEnd: number, expiration: number): void;
}

/** What is read of each side of a line behind the strike: fields behind its symbol, from 1. Together they are the STATED_NUMBERS of ChainBuilder.addNumbers. */
export const CBOE_SIDE_FIELDS = Int32Array.of(1, 3, 4, 5, 6, 7, 9);
/** Numbers per side, its strike among them. */
export const CBOE_SIDE_NUMBERS = 1 + CBOE_SIDE_FIELDS.length;

const [LINE_FEED, CARRIAGE_RETURN, COMMA, MINUS, ZERO, UPPER_C, UPPER_P] = [10, 13, 44, 45, 48, 67, 80];
/** The point, as its distance from the digit 0. */
const POINT = -2;
const SIDE_FIELDS = 9;
/** Fields of a line without the date and the symbols: a side, the strike, the other side. */
const FIELDS = 2 * SIDE_FIELDS + 1;
/** By such a field: where its number goes; -1: it is passed over. */
const PLACES = Int32Array.from({ length: FIELDS }, (_, field) => {
  if (field === SIDE_FIELDS) return 0;
  const isCall = field < SIDE_FIELDS;
  const index = CBOE_SIDE_FIELDS.indexOf(isCall ? field + 1 : field - SIDE_FIELDS);
  return index < 0 ? -1 : index + (isCall ? 1 : 1 + CBOE_SIDE_NUMBERS);
});
/** As many digits as any integer of 32 bits can hold. */
const MAXIMUM_DIGITS = 9;
/** These powers and the digits are exact doubles, so that one division rounds once, as Number() does. */
const POWERS_OF_TEN = Float64Array.from({ length: MAXIMUM_DIGITS + 1 }, (_, exponent) => Number(`1e${exponent}`));
/** Two roots of one date (SPX and SPXW) take turns; the others are room for sources that mix more. A power of two. */
const SERIES = 4;

export function createCboeLineScanner(bytes: Uint8Array): CboeLineScanner {
  // No loop below goes past a line feed; behind the last one there is no line for it.
  const lastLineFeed = bytes.lastIndexOf(LINE_FEED);
  const values = new Float64Array(2 * CBOE_SIDE_NUMBERS);
  const lineStarts = new Int32Array(SERIES).fill(-1);
  const seriesStarts = new Int32Array(SERIES);
  const seriesEnds = new Int32Array(SERIES);
  const expirations = new Int32Array(SERIES);
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let current = 0;
  let oldest = 0;

  /** Finds the series that the line begins with, makes it the current one and returns where its call goes on; -1: none. */
  function findSeries(from: number): number {
    for (let turn = 0; turn < SERIES; turn++) {
      const candidate = (current + turn) & (SERIES - 1);
      const known = lineStarts[candidate]!;
      if (known < 0) continue;
      const end = from + seriesEnds[candidate]! - known;
      if (!isRepeated(bytes, words, from, end, from - known)) continue;
      current = candidate;
      return end;
    }
    return -1;
  }

  function scan(from: number): number {
    if (from > lastLineFeed) return -1;
    const callTerms = findSeries(from);
    if (callTerms < 0 || bytes[callTerms] !== UPPER_C) return -1;
    let i = callTerms + 1;
    let thousandths = 0;
    for (; i < callTerms + OCC_TERMS_LENGTH; i++) {
      const digit = bytes[i]! - ZERO;
      if (digit >>> 0 > 9) return -1;
      thousandths = (Math.imul(thousandths, 10) + digit) | 0;
    }
    i = readFields(bytes, i, 0, SIDE_FIELDS + 1, values);
    if (i < 0 || bytes[i] !== COMMA || values[0] !== thousandths / 1000) return -1;
    values[CBOE_SIDE_NUMBERS] = values[0];
    i++;
    // The put has the symbol of the call but for one letter.
    const putTerms = i + seriesEnds[current]! - seriesStarts[current]!;
    const end = putTerms + OCC_TERMS_LENGTH;
    const shift = putTerms - callTerms;
    if (!isRepeated(bytes, words, i, putTerms, shift) || bytes[putTerms] !== UPPER_P || !isRepeated(bytes, words, putTerms + 1, end, shift))
      return -1;
    i = readFields(bytes, end, SIDE_FIELDS + 1, FIELDS, values);
    if (i < 0) return -1;
    if (bytes[i] === CARRIAGE_RETURN) i++;
    return bytes[i] === LINE_FEED ? i + 1 : -1;
  }

  return {
    scan,
    values,
    expiration: () => expirations[current]!,
    learn(lineStart, seriesStart, seriesEnd, expiration) {
      current = oldest;
      oldest = (oldest + 1) & (SERIES - 1);
      lineStarts[current] = lineStart;
      seriesStarts[current] = seriesStart;
      seriesEnds[current] = seriesEnd;
      expirations[current] = expiration;
    },
  };
}

/** Whether the bytes of [from, end) also stand `shift` bytes before; compared by words of four bytes as far as they go. */
function isRepeated(bytes: Uint8Array, words: DataView, from: number, end: number, shift: number): boolean {
  let i = from;
  // Where the line is cut off, [from, end) may go beyond the bytes.
  const lastWord = Math.min(end, bytes.length) - 4;
  while (i <= lastWord && words.getInt32(i) === words.getInt32(i - shift)) i += 4;
  while (i < end && bytes[i] === bytes[i - shift]) i++;
  return i >= end;
}

/**
 * Reads the fields [first, end) into their PLACES, each behind a comma. One loop for all of them: a call per field would cost as much as reading it.
 * @returns where the last field ends; -1 when one is not plain
 */
function readFields(bytes: Uint8Array, from: number, first: number, end: number, values: Float64Array): number {
  let i = from;
  for (let field = first; field < end; field++) {
    if (bytes[i] !== COMMA) return -1;
    i++;
    const place = PLACES[field]!;
    if (place < 0) {
      while (bytes[i]! > COMMA) i++;
      continue;
    }
    const start = i;
    const isNegative = bytes[i] === MINUS;
    if (isNegative) i++;
    const firstDigit = i;
    let mantissa = 0;
    // Below 0 it is above 9 as well, read as unsigned: one comparison instead of two.
    let digit = bytes[i]! - ZERO;
    while (digit >>> 0 <= 9) {
      mantissa = (Math.imul(mantissa, 10) + digit) | 0;
      digit = bytes[++i]! - ZERO;
    }
    let digits = i - firstDigit;
    let decimals = 0;
    if (digit === POINT) {
      const firstDecimal = ++i;
      digit = bytes[i]! - ZERO;
      while (digit >>> 0 <= 9) {
        mantissa = (Math.imul(mantissa, 10) + digit) | 0;
        digit = bytes[++i]! - ZERO;
      }
      decimals = i - firstDecimal;
      digits += decimals;
    }
    if (digits < 1 || digits > MAXIMUM_DIGITS) {
      if (i > start) return -1;
      values[place] = Number.NaN;
      continue;
    }
    const magnitude = decimals === 0 ? mantissa : mantissa / POWERS_OF_TEN[decimals]!;
    values[place] = isNegative ? -magnitude : magnitude;
  }
  return i;
}
