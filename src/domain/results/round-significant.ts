/** Exact doubles all of them, so that one multiplication or division by one rounds once. */
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** 1e-9 to 1e9. */
const LARGEST_EXPONENT = 9;
const BOUNDS = Float64Array.from({ length: 2 * LARGEST_EXPONENT + 1 }, (_, place) => Number(`1e${place - LARGEST_EXPONENT}`));
/** Of so many the number that they make is known to better than TIE. */
const MOST_DIGITS = 10;
/** So near to a half, which way it is to be rounded does not show in the product. */
const TIE = 1e-3;

/** Number(value.toPrecision(digits)), to the last bit, mostly without writing the digits and reading them. */
export function roundSignificant(value: number, digits: number): number {
  const magnitude = Math.abs(value);
  if (!(magnitude >= BOUNDS[0]! && magnitude < BOUNDS.at(-1)!) || digits > MOST_DIGITS) return Number(value.toPrecision(digits));
  let place = 1;
  while (magnitude >= BOUNDS[place]!) place++;
  const decimals = digits - place + LARGEST_EXPONENT;
  const scaled = decimals >= 0 ? magnitude * POWERS_OF_TEN[decimals]! : magnitude / POWERS_OF_TEN[-decimals]!;
  const whole = Math.floor(scaled);
  const rest = scaled - whole;
  if (Math.abs(rest - 0.5) < TIE) return Number(value.toPrecision(digits));
  const significand = rest > 0.5 ? whole + 1 : whole;
  const rounded = decimals >= 0 ? significand / POWERS_OF_TEN[decimals]! : significand * POWERS_OF_TEN[-decimals]!;
  return value < 0 ? -rounded : rounded;
}
