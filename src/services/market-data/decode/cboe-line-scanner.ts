import { CALL, PUT } from '../../../domain/chain/chain-snapshot.ts';
import { BLOCK_WIDTH, type QuoteBlock } from '../../../domain/chain/quote-block.ts';
import { OCC_TERMS_LENGTH } from './occ-field.ts';

/** Fields behind a symbol, from 1, that are read: with the strike before them they are the BLOCK_NUMBERS. */
export const CBOE_SIDE_FIELDS = Int32Array.of(1, 3, 4, 5, 6, 7, 9);

/**
 * Lines of Cboe's quote table as scanCboeLines reads them, and how those begin that it knows. Not closures: the engine forgets the compiled code of those that are
 * gone, and would compile it anew for every other file.
 */
export interface CboeLines {
  readonly bytes: Uint8Array;
  readonly words: DataView;
  /** No loop goes past a line feed; behind the last one there is no line to be scanned. */
  readonly lastLineFeed: number;
  /** By series that was learned: where its line begins, where its root, and where its date ends; -1: none yet. */
  readonly lineStarts: Int32Array;
  readonly seriesStarts: Int32Array;
  readonly seriesEnds: Int32Array;
  readonly expirations: Int32Array;
  current: number;
  oldest: number;
}

const [LINE_FEED, CARRIAGE_RETURN, COMMA, MINUS, ZERO, UPPER_C, UPPER_P] = [10, 13, 44, 45, 48, 67, 80];
/** The point, as its distance from the digit 0. */
const POINT = -2;
const SIDE_FIELDS = 9;
/** A bit for each field of a put behind its symbol, the first one lowest: 1 when it is read. One more stands above them all. */
const PUT_FIELDS = CBOE_SIDE_FIELDS.reduce((bits, field) => bits | (1 << (field - 1)), 1 << SIDE_FIELDS);
/** The same for a call, which the strike stands behind: in the values it begins those of the put. */
const CALL_FIELDS = PUT_FIELDS | (1 << (SIDE_FIELDS + 1));
/** Four times the digit 0. */
const ZEROS = 0x30303030;
/** Bytes that are compared at once. */
const WORD = 8;
/** As many digits as any integer of 32 bits can hold. */
const MAXIMUM_DIGITS = 9;
/** These powers and the digits are exact doubles, so that one division rounds once, as Number() does. */
const POWERS_OF_TEN = Float64Array.from({ length: MAXIMUM_DIGITS + 1 }, (_, exponent) => Number(`1e${exponent}`));
/** Two roots of one date (SPX and SPXW) take turns; the others are room for sources that mix more. A power of two. */
const SERIES = 4;

export function createCboeLines(bytes: Uint8Array): CboeLines {
  return {
    bytes,
    words: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    lastLineFeed: bytes.lastIndexOf(LINE_FEED),
    lineStarts: new Int32Array(SERIES).fill(-1),
    seriesStarts: new Int32Array(SERIES),
    seriesEnds: new Int32Array(SERIES),
    expirations: new Int32Array(SERIES),
    current: 0,
    oldest: 0,
  };
}

/**
 * Remembers how a line begins, up to the series of its call (`Tue Dec 13 2022,SPXW221213`), and what expiration that is. No part of it may stand in quotes.
 * @param seriesStart where the second field begins
 */
export function learnCboeSeries(lines: CboeLines, lineStart: number, seriesStart: number, seriesEnd: number, expiration: number): void {
  const series = lines.oldest;
  lines.current = series;
  lines.oldest = (series + 1) & (SERIES - 1);
  lines.lineStarts[series] = lineStart;
  lines.seriesStarts[series] = seriesStart;
  lines.seriesEnds[series] = seriesEnd;
  lines.expirations[series] = expiration;
}

/**
 * Reads the lines from `from` on, call and put of each, into the block in one pass over their bytes: fields and numbers at once. It stops when the block is full or
 * before the first line that is not a plain one: the date and series of a line that was learned, a call and the put of the same strike, numbers of at most nine
 * digits without an exponent or nothing, no quotes, a line feed at its end. Those are for the CSV reader, sound or not; of plain lines both find the same.
 * @param line number of the first line
 * @returns where it stopped; the block has grown by two rows per line
 */
export function scanCboeLines(lines: CboeLines, from: number, line: number, block: QuoteBlock): number {
  const { numbers, expiration, right, position, capacity } = block;
  let next = from;
  let row = block.size;
  for (let number = line; row + 2 <= capacity; number++) {
    const end = scanLine(lines, next, numbers, row * BLOCK_WIDTH);
    if (end < 0) break;
    next = end;
    expiration[row] = lines.expirations[lines.current]!;
    right[row] = CALL;
    position[row++] = number;
    expiration[row] = lines.expirations[lines.current]!;
    right[row] = PUT;
    position[row++] = number;
  }
  block.size = row;
  return next;
}

/** Reads a line into `values` from `first` on; returns where the next line begins, -1 when it is not a plain one. */
function scanLine(lines: CboeLines, from: number, values: Float64Array, first: number): number {
  const { bytes, words, lastLineFeed } = lines;
  if (from > lastLineFeed) return -1;
  const callTerms = findSeries(lines, from);
  if (callTerms < 0 || bytes[callTerms] !== UPPER_C) return -1;
  let i = callTerms + OCC_TERMS_LENGTH;
  if (i > lastLineFeed) return -1;
  const high = words.getInt32(callTerms + 1) ^ ZEROS;
  const low = words.getInt32(callTerms + 5) ^ ZEROS;
  if (!areDigits(high) || !areDigits(low)) return -1;
  const thousandths = (Math.imul(numberOf(high), 10_000) + numberOf(low)) | 0;
  i = readFields(bytes, i, CALL_FIELDS, values, first + 1);
  if (i < 0 || bytes[i] !== COMMA || values[first + BLOCK_WIDTH] !== thousandths / 1000) return -1;
  values[first] = values[first + BLOCK_WIDTH]!;
  i++;
  // The put has the symbol of the call but for one letter.
  const putTerms = i + lines.seriesEnds[lines.current]! - lines.seriesStarts[lines.current]!;
  const end = putTerms + OCC_TERMS_LENGTH;
  const shift = putTerms - callTerms;
  if (!isRepeated(bytes, words, i, putTerms, shift) || bytes[putTerms] !== UPPER_P) return -1;
  if (!isRepeated(bytes, words, putTerms + 1, end, shift)) return -1;
  i = readFields(bytes, end, PUT_FIELDS, values, first + BLOCK_WIDTH + 1);
  if (i < 0) return -1;
  if (bytes[i] === CARRIAGE_RETURN) i++;
  return bytes[i] === LINE_FEED ? i + 1 : -1;
}

/** Whether four bytes, the digit 0 taken out of each, are below 10: one that is not sets its highest bit, or carries into it. */
function areDigits(quad: number): boolean {
  return ((((quad & 0x7f7f7f7f) + 0x76767676) | quad) & 0x80808080) === 0;
}

/** The number that four such digits are. */
function numberOf(quad: number): number {
  const pairs = (Math.imul((quad >>> 8) & 0xff00ff, 10) + (quad & 0xff00ff)) | 0;
  return (Math.imul(pairs >>> 16, 100) + (pairs & 0xffff)) | 0;
}

/** Finds the series that the line begins with, makes it the current one and returns where its call goes on; -1: none. */
function findSeries(lines: CboeLines, from: number): number {
  const { bytes, words, lineStarts, seriesEnds } = lines;
  for (let turn = 0; turn < SERIES; turn++) {
    const candidate = (lines.current + turn) & (SERIES - 1);
    const known = lineStarts[candidate]!;
    if (known < 0) continue;
    const end = from + seriesEnds[candidate]! - known;
    if (!isRepeated(bytes, words, from, end, from - known)) continue;
    lines.current = candidate;
    return end;
  }
  return -1;
}

/**
 * Whether the bytes of [from, end) also stand `shift` bytes before; compared by words of eight bytes, the last of them mostly not whole and so with bytes that were
 * compared before. As numbers, words of text are equal when their bytes are; the only others, 0 and -0, stand in no symbol.
 */
function isRepeated(bytes: Uint8Array, words: DataView, from: number, end: number, shift: number): boolean {
  // Where the line is cut off, [from, end) may go beyond the bytes.
  if (end > bytes.length) return false;
  const lastWord = (end - WORD) | 0;
  let i = from;
  if (lastWord < from) {
    while (i < end && bytes[i] === bytes[i - shift]) i++;
    return i === end;
  }
  for (; i < lastWord; i = (i + WORD) | 0) if (words.getFloat64(i, true) !== words.getFloat64(i - shift, true)) return false;
  return words.getFloat64(lastWord, true) === words.getFloat64(lastWord - shift, true);
}

/**
 * Reads fields, each behind a comma, into `values` from `first` on. One loop for all of them: a call per field would cost as much as reading it.
 * @param fields which are read, as in PUT_FIELDS; the others are passed over
 * @returns where the last field ends; -1 when one is not plain
 */
function readFields(bytes: Uint8Array, from: number, fields: number, values: Float64Array, first: number): number {
  let i = from;
  let place = first;
  for (let left = fields; left > 1; left >>= 1) {
    if (bytes[i] !== COMMA) return -1;
    i++;
    if ((left & 1) === 0) {
      while (bytes[i]! > COMMA) i++;
      continue;
    }
    const start = i;
    const isNegative = bytes[i] === MINUS;
    if (isNegative) i++;
    const firstDigit = i;
    let mantissa = 0;
    // Below 0 it is above 9 as well, read as unsigned: one comparison instead of two.
    let digit = (bytes[i]! - ZERO) | 0;
    while (digit >>> 0 <= 9) {
      mantissa = (Math.imul(mantissa, 10) + digit) | 0;
      i = (i + 1) | 0;
      digit = (bytes[i]! - ZERO) | 0;
    }
    let digits = (i - firstDigit) | 0;
    let decimals = 0;
    if (digit === POINT) {
      i = (i + 1) | 0;
      const firstDecimal = i;
      digit = (bytes[i]! - ZERO) | 0;
      while (digit >>> 0 <= 9) {
        mantissa = (Math.imul(mantissa, 10) + digit) | 0;
        i = (i + 1) | 0;
        digit = (bytes[i]! - ZERO) | 0;
      }
      decimals = (i - firstDecimal) | 0;
      digits = (digits + decimals) | 0;
    }
    if (digits < 1 || digits > MAXIMUM_DIGITS) {
      if (i > start) return -1;
      values[place++] = Number.NaN;
      continue;
    }
    const magnitude = decimals === 0 ? mantissa : mantissa / POWERS_OF_TEN[decimals]!;
    values[place++] = isNegative ? -magnitude : magnitude;
  }
  return i;
}
