const QUOTE = 34;
const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const BACKSLASH = 92;
const LOWER_E = 101;
const SPACE = 32;
const [TAB, LINE_FEED, CARRIAGE_RETURN] = [9, 10, 13];

/** As many digits as any integer of 32 bits can hold. */
const MAXIMUM_DIGITS = 9;
/** These powers and the digits are exact doubles, so that one division rounds once, as Number() does. */
const POWERS_OF_TEN = Float64Array.from({ length: MAXIMUM_DIGITS + 1 }, (_, exponent) => Number(`1e${exponent}`));

/** The first byte at or after `from` that is no white space of JSON; the length of the bytes when there is none. */
export function skipJsonSpace(bytes: Uint8Array, from: number): number {
  let i = from;
  while (i < bytes.length && bytes[i]! <= SPACE) {
    const byte = bytes[i]!;
    if (byte !== SPACE && byte !== LINE_FEED && byte !== CARRIAGE_RETURN && byte !== TAB) break;
    i++;
  }
  return i;
}

/** Where the string whose content begins at `from` has its closing quote; -1 when it holds anything but printable ASCII that stands for itself. */
export function plainStringEnd(bytes: Uint8Array, from: number): number {
  for (let i = from; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) return i;
    if (byte < SPACE || byte > 126 || byte === BACKSLASH) return -1;
  }
  return -1;
}

/**
 * Reads the number (RFC 8259, section 6) that begins at `from` into `into[at]`, to the last bit as JSON.parse does.
 * @param at negative: it is only checked
 * @returns where it ends; -1 when there is none
 */
export function readJsonNumber(bytes: Buffer, from: number, into: Float64Array, at: number): number {
  const isNegative = from < bytes.length && bytes[from] === MINUS;
  const first = isNegative ? from + 1 : from;
  let mantissa = 0;
  let i = first;
  for (; i < bytes.length; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) break;
    mantissa = (Math.imul(mantissa, 10) + digit) | 0;
  }
  const whole = i - first;
  if (whole === 0 || (whole > 1 && bytes[first] === ZERO)) return -1;
  let decimals = 0;
  if (i < bytes.length && bytes[i] === POINT) {
    const firstDecimal = ++i;
    for (; i < bytes.length; i++) {
      const digit = bytes[i]! - ZERO;
      if (digit < 0 || digit > 9) break;
      mantissa = (Math.imul(mantissa, 10) + digit) | 0;
    }
    decimals = i - firstDecimal;
    if (decimals === 0) return -1;
  }
  const isShort = whole + decimals <= MAXIMUM_DIGITS;
  const hasExponent = i < bytes.length && (bytes[i]! | 32) === LOWER_E;
  if (hasExponent) i = exponentEnd(bytes, i + 1);
  if (at < 0 || i < 0) return i;
  if (isShort && !hasExponent) {
    const magnitude = decimals === 0 ? mantissa : mantissa / POWERS_OF_TEN[decimals]!;
    into[at] = isNegative ? -magnitude : magnitude;
  } else into[at] = Number(bytes.toString('latin1', from, i));
  return i;
}

/** @param from behind the E */
function exponentEnd(bytes: Uint8Array, from: number): number {
  const hasSign = bytes[from] === PLUS || bytes[from] === MINUS;
  const first = hasSign ? from + 1 : from;
  let i = first;
  while (i < bytes.length && bytes[i]! >= ZERO && bytes[i]! <= ZERO + 9) i++;
  return i === first ? -1 : i;
}
