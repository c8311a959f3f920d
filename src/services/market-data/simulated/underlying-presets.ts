import { deribitUnderlying, usUnderlying } from '../../../domain/chain/underlying-catalogue.ts';
import type { ContractRoots } from './contract-roots.ts';
import type { SimulatedUnderlying } from './simulated-underlying.ts';
import { ALWAYS_PENNY_TICKS, COIN_TICKS, INDEX_TICKS, PENNY_TICKS } from './tick-rule.ts';

/** What differs between underlyings of one kind. Units as in SimulatedUnderlying; volatility decimal. */
export interface UnderlyingTraits {
  readonly price: number;
  readonly volatility: number;
  readonly spread: number;
  readonly openInterest: number;
  readonly overrides?: Partial<SimulatedUnderlying>;
}

/** Skew and curvature fitted by eye to RUT, 2023-09-20: 0.17 at the money, 0.21 at 94 % and 0.29 at 83 % of the forward, a month out. */
const INDEX_SMILE = { skew: -0.5, curvature: 0.75 };
const STOCK_SMILE = { skew: -0.3, curvature: 0.8 };
/** Coins: the same wings on both sides, about. */
const COIN_SMILE = { skew: -0.12, curvature: 0.75 };

/** An index: European options, AM-settled monthly contracts under a root of their own. */
export function indexPreset(symbol: string, weeklyRoot: string, traits: UnderlyingTraits): SimulatedUnderlying {
  return {
    ...common(symbol, { monthly: symbol, weekly: weeklyRoot }, traits),
    path: broadPath(traits.volatility),
    smile: INDEX_SMILE,
    dividendYield: 0.013,
    listing: 'DAILY',
    ticks: INDEX_TICKS,
    ...traits.overrides,
  };
}

/** A fund on a broad index, listed every day. @param pathName the index it follows */
export function indexFundPreset(symbol: string, pathName: string, traits: UnderlyingTraits): SimulatedUnderlying {
  return {
    ...common(symbol, { monthly: symbol, weekly: symbol }, traits),
    pathName,
    path: broadPath(traits.volatility),
    smile: INDEX_SMILE,
    dividendYield: 0.013,
    listing: 'DAILY',
    ticks: ALWAYS_PENNY_TICKS,
    ...traits.overrides,
  };
}

/** A fund on a sector, a commodity or bonds. */
export function fundPreset(symbol: string, traits: UnderlyingTraits): SimulatedUnderlying {
  return {
    ...common(symbol, { monthly: symbol, weekly: symbol }, traits),
    path: { volatility: traits.volatility, marketCorrelation: 0.6, leverage: -0.5, jumpsPerYear: 4, jumpDeviation: 0.02 },
    smile: { skew: -0.3, curvature: 0.75 },
    dividendYield: 0.02,
    listing: 'MONTHLY',
    ticks: PENNY_TICKS,
    ...traits.overrides,
  };
}

/** A stock: American options. Jumps (news, earnings) are larger, the more volatile it is. */
export function stockPreset(symbol: string, traits: UnderlyingTraits): SimulatedUnderlying {
  return {
    ...common(symbol, { monthly: symbol, weekly: symbol }, traits),
    path: {
      volatility: traits.volatility,
      marketCorrelation: 0.55,
      leverage: -0.4,
      jumpsPerYear: 8,
      jumpDeviation: 0.12 * traits.volatility,
    },
    smile: STOCK_SMILE,
    dividendYield: 0.005,
    listing: 'WEEKLY',
    ticks: PENNY_TICKS,
    ...traits.overrides,
  };
}

/** A coin: Deribit's European options, quoted in the coin, with the basis in the forward. */
export function coinPreset(symbol: string, traits: UnderlyingTraits): SimulatedUnderlying {
  return {
    ...common(symbol, { monthly: symbol, weekly: symbol }, traits),
    profile: deribitUnderlying(symbol),
    path: { volatility: traits.volatility, marketCorrelation: 0.35, leverage: -0.2, jumpsPerYear: 12, jumpDeviation: 0.04 },
    smile: COIN_SMILE,
    dividendYield: -0.05,
    listing: 'COIN',
    ticks: COIN_TICKS,
    ...traits.overrides,
  };
}

function common(symbol: string, roots: ContractRoots, { price, spread, openInterest }: UnderlyingTraits) {
  return {
    profile: usUnderlying(symbol),
    pathName: symbol,
    referencePrice: price,
    roots,
    strikeStep: strikeStepOf(price),
    strikesPerExpiration: 25,
    spreadFactor: spread,
    openInterest,
  };
}

function broadPath(volatility: number) {
  return { volatility, marketCorrelation: 0.95, leverage: -0.75, jumpsPerYear: 3, jumpDeviation: 0.018 };
}

/** Distance of neighbouring strikes as US exchanges list them near expiration; two per cent and less of the price. */
function strikeStepOf(price: number): number {
  if (price < 30) return 0.5;
  if (price < 120) return 1;
  if (price < 300) return 2.5;
  return 5;
}
