import type { CsvLine } from './csv-line.ts';

const ZERO = 48;
const MINUS = 45;
/** The point, as its distance from the digit 0. */
const POINT = -2;
/** Both the digits (below 2^53) and these powers are exact doubles, so that one division rounds once, as Number() does. */
const POWERS_OF_TEN = Float64Array.from({ length: 16 }, (_, exponent) => Number(`1e${exponent}`));
const MAXIMUM_DIGITS = 15;
const LONGEST_NUMBER = 64;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** How vendors write that there is no number. */
const NO_NUMBER = new Set(['', 'nan', 'null', 'none', 'n/a', 'na', '-', '--']);

/**
 * Reads numbers off the fields of a line into `into`, without making strings of them; anything but plain digits, a point and a minus
 * (exponents, spaces, more than 15 digits) takes a slow path. NaN for a field that is empty, says that there is no number, or is not on
 * the line (-1: the file has no such column). All fields in one call, as a function that returns a number from a loop this small costs
 * more than the loop.
 * @returns the first field that says something else, NaN too; -1 when none does
 */
export function parseDecimals(bytes: Buffer, line: CsvLine, fields: Int32Array, into: Float64Array): number {
  const { starts, ends, count } = line;
  let fault = -1;
  for (let k = 0; k < fields.length; k++) {
    const field = fields[k]!;
    if (field < 0 || field >= count) {
      into[k] = Number.NaN;
      continue;
    }
    const start = starts[field]!;
    const end = ends[field]!;
    const isNegative = start < end && bytes[start] === MINUS;
    const first = isNegative ? start + 1 : start;
    let mantissa = 0;
    let pointAt = -1;
    let i = first;
    for (; i < end; i++) {
      const digit = bytes[i]! - ZERO;
      if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit;
      else if (digit === POINT && pointAt < 0) pointAt = i;
      else break;
    }
    const digits = end - first - (pointAt < 0 ? 0 : 1);
    if (i < end || digits < 1 || digits > MAXIMUM_DIGITS) {
      into[k] = parseSlowly(bytes, start, end);
      if (fault < 0 && Number.isNaN(into[k]!) && !saysNoNumber(bytes, start, end)) fault = field;
      continue;
    }
    const magnitude = pointAt < 0 ? mantissa : mantissa / POWERS_OF_TEN[end - 1 - pointAt]!;
    into[k] = isNegative ? -magnitude : magnitude;
  }
  return fault;
}

function parseSlowly(bytes: Buffer, start: number, end: number): number {
  if (start >= end || end - start > LONGEST_NUMBER) return Number.NaN;
  const text = textOf(bytes, start, end);
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}

function saysNoNumber(bytes: Buffer, start: number, end: number): boolean {
  return end - start <= LONGEST_NUMBER && NO_NUMBER.has(textOf(bytes, start, end).toLowerCase());
}

function textOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, end).trim();
}
