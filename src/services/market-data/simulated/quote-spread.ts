/** Spread of a quote by what it is worth: a + b·√price, in units of the price scale. Fitted to the RUT chain of 2023-09-20 (30 days: 0.15 at 0.30, 0.30 at 7.35, 0.50 at 29.45). */
const FIXED_WIDTH = 0.048;
const ROOT_WIDTH = 0.056;
/** One volatility point of an at-the-money option a month out is about this share of the underlying's price. */
const POINT_SHARE = 0.00115;
const MONTH_YEARS = 30 / 365;
/** Spreads grow far slower with time to expiration than prices do: to the power 0.2 (RUT, 2 to 275 days). */
const TIME_POWER = 0.2;
/** In-the-money quotes beyond this delta widen, to three times at a delta of 1: market makers show what stock costs to trade, and hardly anyone trades. */
const DEEP_DELTA = 0.8;
const DEEP_WIDENING = 2;

/** The unit of width for an expiration, in the currency of the underlying. */
export function spreadScale(spot: number, yearFraction: number): number {
  return POINT_SHARE * spot * (yearFraction / MONTH_YEARS) ** TIME_POWER;
}

/** Ask less bid before rounding, in the currency of price and scale. @param delta of the option, any sign */
export function quoteSpread(price: number, delta: number, scale: number, factor: number): number {
  const depth = Math.max(0, (Math.abs(delta) - DEEP_DELTA) / (1 - DEEP_DELTA));
  return factor * (FIXED_WIDTH * scale + ROOT_WIDTH * Math.sqrt(price * scale)) * (1 + DEEP_WIDENING * depth);
}
