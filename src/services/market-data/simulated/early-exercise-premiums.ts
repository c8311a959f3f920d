import { CALL, PUT } from '../../../domain/chain/chain-snapshot.ts';
import { americanPrice } from '../../../domain/pricing/american-price.ts';
import { black76Price } from '../../../domain/pricing/black76.ts';
import type { RateCurve } from '../../../domain/pricing/rate-curve.ts';
import type { ChainLayout } from './chain-layout.ts';
import type { LayoutSlice } from './chain-layout-columns.ts';
import { type MarketState, marketState, sliceTerms } from './market-state.ts';
import type { SimulatedUnderlying } from './simulated-underlying.ts';
import type { SlicePrices, SliceTerms } from './slice-prices.ts';
import { smileVolatility } from './volatility-surface.ts';

/**
 * A premium costs fifteen times what the rest of a quote does and hardly changes with small moves. It is therefore taken at the market rounded to these steps (log
 * price, log volatility, time), and worked out again when the rounded market is another one; what it is never depends on when it was worked out.
 */
const PRICE_ROUNDING = 0.002;
const VOLATILITY_ROUNDING = 0.02;
const TIME_ROUNDING_MS = 3_600_000;
/** A premium below this, in the currency, is lost in the tick. */
const NEGLIGIBLE_PREMIUM = 0.002;

/** What the right to exercise early adds to the prices of one underlying's American options. */
export interface EarlyExercisePremiums {
  /** Adds the premiums to prices as fillSlicePrices left them, and holds them at the intrinsic value at least. */
  add(prices: SlicePrices, layout: ChainLayout, slice: LayoutSlice, state: MarketState): void;
}

interface KnownPremiums {
  readonly layout: ChainLayout;
  /** The rounded market a slice was worked out at, by its first strike. */
  readonly stateOfSlice: Map<number, MarketState>;
  /** By contract, as in LayoutContracts. */
  readonly premium: Float64Array;
}

export function createEarlyExercisePremiums(underlying: SimulatedUnderlying, rateCurve: RateCurve): EarlyExercisePremiums {
  let known: KnownPremiums | undefined;

  function premiumsAt(layout: ChainLayout, slice: LayoutSlice, state: MarketState): Float64Array {
    if (known?.layout !== layout) known = { layout, stateOfSlice: new Map(), premium: new Float64Array(2 * layout.strikes.length) };
    const rounded = roundState(underlying, state);
    const before = known.stateOfSlice.get(slice.first);
    if (!before || !isSame(before, rounded)) {
      fillPremiums(known.premium, layout.strikes, slice, rounded);
      known.stateOfSlice.set(slice.first, rounded);
    }
    return known.premium;
  }

  function fillPremiums(premium: Float64Array, strikes: Float64Array, slice: LayoutSlice, rounded: MarketState): void {
    const terms = sliceTerms(underlying, rounded, slice.expiresAtMs, rateCurve);
    const { yearFraction } = terms.smile;
    // No premium exceeds the dividends caught, or the interest earned, until expiration.
    const dividends = -terms.spot * Math.expm1(-terms.dividendYield * yearFraction);
    const interestOnOne = -Math.expm1(-terms.rate * yearFraction);
    for (let j = slice.first; j < slice.end; j++) {
      const strike = strikes[j]!;
      premium[2 * j] = strike < terms.forward ? premiumOf(CALL, strike, terms, dividends) : 0;
      premium[2 * j + 1] = premiumOf(PUT, strike, terms, interestOnOne * strike);
    }
  }

  function add({ callPrice, putPrice }: SlicePrices, layout: ChainLayout, slice: LayoutSlice, state: MarketState): void {
    const premium = premiumsAt(layout, slice, state);
    for (let j = slice.first; j < slice.end; j++) {
      const i = j - slice.first;
      const intrinsic = state.spot - layout.strikes[j]!;
      callPrice[i] = Math.max(intrinsic, callPrice[i]! + premium[2 * j]!);
      putPrice[i] = Math.max(-intrinsic, putPrice[i]! + premium[2 * j + 1]!);
    }
  }

  return { add };
}

/** @param most what waiting until expiration can cost the holder */
function premiumOf(right: 0 | 1, strike: number, terms: SliceTerms, most: number): number {
  if (most < NEGLIGIBLE_PREMIUM) return 0;
  const { spot, forward, rate, dividendYield, discountFactor, smile } = terms;
  const volatility = smileVolatility(smile, Math.log(strike / forward));
  const american = americanPrice(right, spot, strike, smile.yearFraction, volatility, rate, dividendYield);
  // Held within its bound: approximations of American prices have poles, this one for some options of a few days.
  return Math.min(most, american - black76Price(right, forward, strike, smile.yearFraction, volatility, discountFactor));
}

function roundState(underlying: SimulatedUnderlying, { path, atMs }: MarketState): MarketState {
  const rounded = {
    logPrice: Math.round(path.logPrice / PRICE_ROUNDING) * PRICE_ROUNDING,
    slowVolatility: Math.round(path.slowVolatility / VOLATILITY_ROUNDING) * VOLATILITY_ROUNDING,
    fastVolatility: Math.round(path.fastVolatility / VOLATILITY_ROUNDING) * VOLATILITY_ROUNDING,
  };
  return marketState(underlying, rounded, Math.floor(atMs / TIME_ROUNDING_MS) * TIME_ROUNDING_MS);
}

function isSame(a: MarketState, b: MarketState): boolean {
  return (
    a.atMs === b.atMs &&
    a.path.logPrice === b.path.logPrice &&
    a.path.slowVolatility === b.path.slowVolatility &&
    a.path.fastVolatility === b.path.fastVolatility
  );
}
