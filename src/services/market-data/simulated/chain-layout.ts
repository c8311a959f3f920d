import { expirationMoment } from '../../../domain/calendar/expiration-moment.ts';
import { PUT } from '../../../domain/chain/chain-snapshot.ts';
import { settlementOf } from '../../../domain/chain/underlying-catalogue.ts';
import type { RateCurve } from '../../../domain/pricing/rate-curve.ts';
import { allocateContracts, type LayoutContracts, type LayoutSlice } from './chain-layout-columns.ts';
import { dailyVolumeOf, openInterestOf } from './contract-liquidity.ts';
import { type ScheduledExpiration, scheduleExpirations } from './expiration-schedule.ts';
import { type MarketState, sliceTerms } from './market-state.ts';
import { randomBits } from './random-bits.ts';
import { randomKey } from './random-key.ts';
import type { SimulatedUnderlying } from './simulated-underlying.ts';
import { createSlicePrices, fillSlicePrices } from './slice-prices.ts';
import { standardNormal } from './standard-normal.ts';
import { strikeGrid } from './strike-grid.ts';
import { placeBursts } from './volume-bursts.ts';

/** What a chain has throughout one UTC day: its contracts, how much they are held, and what they closed at the day before. */
export interface ChainLayout {
  readonly day: number;
  readonly slices: readonly LayoutSlice[];
  /** By strike: strikes of slice i at [slices[i].first, slices[i].end). */
  readonly strikes: Float64Array;
  /** By contract: the call of strike j at 2j, its put at 2j + 1. */
  readonly contracts: LayoutContracts;
}

export interface LayoutTerms {
  readonly underlying: SimulatedUnderlying;
  /** Stream of the underlying's contracts. */
  readonly key: number;
  readonly day: number;
  /** Where the market was when the day began. */
  readonly start: MarketState;
  /** Price around which strikes are listed. */
  readonly ladderPrice: number;
  readonly rateCurve: RateCurve;
}

const SPREAD_PLACE = 4;
const SPREAD_SCATTER = 0.2;
/** Contracts hardly anyone holds are quoted wider, and so are index expirations apart from the monthly ones (RUTW against RUT). */
const THIN_OPEN_INTEREST = 50;
const THIN_SPREAD = 1.3;
const WEEKLY_INDEX_SPREAD = 1.4;
/** Nearer expirations are held as widely around the money as one with this many days left. */
const LEAST_LIQUIDITY_DAYS = 5;

/** @param worked awaited after each expiration, with its number of contracts */
export async function layOutChain(terms: LayoutTerms, worked: (contracts: number) => Promise<void>): Promise<ChainLayout> {
  const { underlying, day } = terms;
  const scheduled = scheduleExpirations(underlying.listing, underlying.roots, day);
  const grids = scheduled.map((expiration) =>
    strikeGrid({
      referencePrice: terms.ladderPrice,
      volatility: underlying.path.volatility,
      yearFraction: (expiration.day - day) / 365,
      step: underlying.strikeStep,
      count: underlying.strikesPerExpiration,
    }),
  );
  const strikes = new Float64Array(grids.reduce((sum, grid) => sum + grid.length, 0));
  const contracts = allocateContracts(2 * strikes.length);
  const slices: LayoutSlice[] = [];
  const prices = createSlicePrices(Math.max(...grids.map((grid) => grid.length)));
  let first = 0;
  for (const [index, expiration] of scheduled.entries()) {
    const { root, date } = expiration;
    const expiresAtMs = expirationMoment(date, settlementOf(underlying.profile, root)!);
    const slice = { root, date, expiresAtMs, first, end: first + grids[index]!.length };
    strikes.set(grids[index]!, first);
    first = slice.end;
    slices.push(slice);
    fillContracts(terms, expiration, slice, strikes, contracts);
    fillSlicePrices(prices, sliceTerms(underlying, terms.start, expiresAtMs, terms.rateCurve), strikes, slice.first, slice.end);
    for (let j = slice.first; j < slice.end; j++) {
      contracts.previousClose[2 * j] = prices.callPrice[j - slice.first]!;
      contracts.previousClose[2 * j + 1] = prices.putPrice[j - slice.first]!;
    }
    await worked(2 * (slice.end - slice.first));
  }
  placeBursts(randomKey(terms.key, 'bursts'), day, slices, underlying.openInterest, contracts);
  return { day, slices, strikes, contracts };
}

function fillContracts(
  { underlying, key, day, ladderPrice }: LayoutTerms,
  expiration: ScheduledExpiration,
  slice: LayoutSlice,
  strikes: Float64Array,
  contracts: LayoutContracts,
): void {
  const { profile, path, roots, strikeStep, openInterest: typical } = underlying;
  const sliceKey = randomKey(key, `${slice.root} ${slice.date}`);
  const daysAhead = expiration.day - day;
  const deviation = path.volatility * Math.sqrt(Math.max(LEAST_LIQUIDITY_DAYS, daysAhead) / 365);
  const kindSpread = profile.kind === 'INDEX' && slice.root !== roots.monthly ? WEEKLY_INDEX_SPREAD : 1;
  for (let j = slice.first; j < slice.end; j++) {
    const strike = strikes[j]!;
    const deviations = Math.log(strike / ladderPrice) / deviation;
    const roundness = strike % (10 * strikeStep) === 0 ? 10 : strike % (5 * strikeStep) === 0 ? 5 : 1;
    // Strikes are whole multiples of a tenth.
    const strikeKey = randomBits(sliceKey, Math.round(strike * 10));
    for (let right = 0; right <= PUT; right++) {
      const row = 2 * j + right;
      const contractKey = randomBits(strikeKey, right);
      const liquidity = { key: contractKey, day, right, deviations, daysAhead, roundness, isStandard: expiration.isStandard, typical };
      const openInterest = openInterestOf(liquidity);
      contracts.key[row] = contractKey;
      contracts.openInterest[row] = openInterest;
      contracts.dailyVolume[row] = dailyVolumeOf(liquidity, openInterest);
      contracts.relativeSpread[row] =
        kindSpread *
        (openInterest < THIN_OPEN_INTEREST ? THIN_SPREAD : 1) *
        Math.exp(SPREAD_SCATTER * standardNormal(contractKey, SPREAD_PLACE));
    }
  }
}
