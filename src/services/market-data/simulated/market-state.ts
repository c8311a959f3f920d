import { DAY_MS } from '../../../domain/calendar/day-number.ts';
import type { RateCurve } from '../../../domain/pricing/rate-curve.ts';
import type { PathState } from './path-state.ts';
import type { SimulatedUnderlying } from './simulated-underlying.ts';
import type { SliceTerms } from './slice-prices.ts';
import { smileAt, totalVariance } from './volatility-surface.ts';

/** One underlying at one moment. */
export interface MarketState {
  /** Epoch milliseconds, UTC. */
  readonly atMs: number;
  readonly spot: number;
  readonly path: PathState;
}

const YEAR_MS = 365 * DAY_MS;
/** Interest on coin options is in the forward (the chain pricer discounts them at 0). */
const NO_RATE = 0;

export function marketState(underlying: SimulatedUnderlying, path: PathState, atMs: number): MarketState {
  return { atMs, spot: priceToCents(underlying.referencePrice * Math.exp(path.logPrice)), path };
}

/** What a slice that expires at a moment after the state's is priced with. */
export function sliceTerms(underlying: SimulatedUnderlying, state: MarketState, expiresAtMs: number, rateCurve: RateCurve): SliceTerms {
  const yearFraction = (expiresAtMs - state.atMs) / YEAR_MS;
  const isCoin = underlying.profile.kind === 'CRYPTO';
  const rate = isCoin ? NO_RATE : rateCurve.rateAt(state.atMs, yearFraction);
  const { dividendYield } = underlying;
  const variance = totalVariance(underlying.path.volatility, state.path, yearFraction);
  return {
    spot: state.spot,
    forward: state.spot * Math.exp((rate - dividendYield) * yearFraction),
    discountFactor: Math.exp(-rate * yearFraction),
    rate,
    dividendYield,
    forwardDelta: isCoin ? 1 : Math.exp(-dividendYield * yearFraction),
    smile: smileAt(underlying.smile, variance, yearFraction),
  };
}

function priceToCents(price: number): number {
  return Math.round(price * 100) / 100;
}
