/** Width of a ladder in standard deviations of the underlying, below and above the reference. Puts are listed farther out, as on exchanges. */
const INNER_DEVIATIONS = 1.25;
const LOWER_DEVIATIONS = 4.5;
const UPPER_DEVIATIONS = 3;
/** And in ln(K/reference) at most, however volatile the underlying and far the expiration: nobody lists strikes beyond a quarter and two and a half times the price. */
const FURTHEST_INNER = 0.4;
const FURTHEST_LOWER = Math.log(4);
const FURTHEST_UPPER = Math.log(2.5);
/** A ladder is as wide as if it had this many years left: near expirations keep the strikes they were listed with. */
const LEAST_YEARS = 12 / 365;
/** Strikes to either side at least: steps are wide for cheap and quiet underlyings. */
const LEAST_INNER_STEPS = 3;
/** Share of the strikes that lie within the inner deviations. */
const INNER_SHARE = 0.55;

export interface StrikeGridTerms {
  readonly referencePrice: number;
  readonly volatility: number;
  readonly yearFraction: number;
  /** Smallest distance of neighbouring strikes: 1, 2.5 or 5 times a power of ten. */
  readonly step: number;
  /** How many strikes to have, about. */
  readonly count: number;
}

/**
 * Ascending strikes of one expiration: a dense middle on multiples of one step, wings on multiples of a larger one. Steps go 1, 5, 10, 50 … (2.5, 5, 10 …), each a
 * multiple of the last, so that a ladder that grows denser as its expiration comes near keeps every strike it had.
 */
export function strikeGrid({ referencePrice, volatility, yearFraction, step, count }: StrikeGridTerms): Float64Array {
  const deviation = volatility * Math.sqrt(Math.max(LEAST_YEARS, yearFraction));
  const reach = (deviations: number, furthest: number): number => Math.exp(Math.max(-furthest, Math.min(furthest, deviations * deviation)));
  const innerLow = Math.min(referencePrice * reach(-INNER_DEVIATIONS, FURTHEST_INNER), referencePrice - LEAST_INNER_STEPS * step);
  const innerHigh = Math.max(referencePrice * reach(INNER_DEVIATIONS, FURTHEST_INNER), referencePrice + LEAST_INNER_STEPS * step);
  const low = Math.min(referencePrice * reach(-LOWER_DEVIATIONS, FURTHEST_LOWER), innerLow - step);
  const high = Math.max(referencePrice * reach(UPPER_DEVIATIONS, FURTHEST_UPPER), innerHigh + step);
  const inner = stepFor(step, (innerHigh - innerLow) / (INNER_SHARE * count));
  const outer = stepFor(inner, (innerLow - low + high - innerHigh) / ((1 - INNER_SHARE) * count));
  const strikes: number[] = [];
  const [middleFrom, middleTo] = denseMiddle(innerLow, innerHigh, outer);
  for (let i = Math.max(1, Math.ceil(low / outer)); i * outer < middleFrom; i++) strikes.push(i * outer);
  for (let i = Math.max(1, Math.round(middleFrom / inner)); i * inner <= middleTo; i++) strikes.push(i * inner);
  for (let i = Math.round(middleTo / outer) + 1; i * outer <= high; i++) strikes.push(i * outer);
  return Float64Array.from(strikes);
}

/** The middle begins and ends on strikes of the wings: inside the inner range, or around it where that would leave less than half of it. */
function denseMiddle(innerLow: number, innerHigh: number, outer: number): readonly [from: number, to: number] {
  const from = Math.ceil(innerLow / outer);
  const to = Math.floor(innerHigh / outer);
  if ((to - from) * outer >= 0.5 * (innerHigh - innerLow)) return [from * outer, to * outer];
  return [Math.floor(innerLow / outer) * outer, Math.ceil(innerHigh / outer) * outer];
}

/** The first step of the sequence from `smallest` that is at least half of what is wanted: the next one may be five times as wide. */
function stepFor(smallest: number, wanted: number): number {
  let step = smallest;
  while (step < 0.5 * wanted) step *= isPowerOfTen(step) ? 5 : 2;
  return step;
}

function isPowerOfTen(step: number): boolean {
  const exponent = Math.log10(step);
  return Math.abs(exponent - Math.round(exponent)) < 1e-9;
}
