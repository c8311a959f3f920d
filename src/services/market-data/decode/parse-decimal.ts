const ZERO = 48;
const [PLUS, MINUS, DOT] = [43, 45, 46];
/** Both the digits (below 2^53) and these powers are exact doubles, so that one division rounds once, as Number() does. */
const POWERS_OF_TEN = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
const MAXIMUM_DIGITS = 15;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Reads a decimal number off bytes[start, end) without making a string of it; anything but plain digits, a point and a sign (exponents,
 * spaces, more than 15 digits) takes the slow path. NaN when there is no number.
 */
export function parseDecimal(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  const first = i < end ? bytes[i]! : 0;
  if (first === MINUS || first === PLUS) i++;
  let mantissa = 0;
  let digits = 0;
  let pointAt = -1;
  for (; i < end; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digits++;
    } else if (digit === DOT - ZERO && pointAt < 0) pointAt = digits;
    else return parseSlowly(bytes, start, end);
  }
  if (digits === 0 || digits > MAXIMUM_DIGITS) return parseSlowly(bytes, start, end);
  const magnitude = pointAt < 0 ? mantissa : mantissa / POWERS_OF_TEN[digits - pointAt]!;
  return first === MINUS ? -magnitude : magnitude;
}

function parseSlowly(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return Number.NaN;
  const text = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 64))).trim();
  return end - start <= 64 && NUMBER.test(text) ? Number(text) : Number.NaN;
}
