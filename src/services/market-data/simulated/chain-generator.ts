import { DAY_MS } from '../../../domain/calendar/day-number.ts';
import { createChainBuilder } from '../../../domain/chain/chain-builder.ts';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import type { RateCurve } from '../../../domain/pricing/rate-curve.ts';
import { type ChainLayout, layOutChain } from './chain-layout.ts';
import { createEarlyExercisePremiums } from './early-exercise-premiums.ts';
import { createEventLoopTurns } from './event-loop-turns.ts';
import { createMarketPath } from './market-path.ts';
import { marketState, sliceTerms } from './market-state.ts';
import { randomKey } from './random-key.ts';
import { sessionProgress } from './session-progress.ts';
import type { SimulatedUnderlying } from './simulated-underlying.ts';
import { createSlicePrices, fillSlicePrices } from './slice-prices.ts';
import { createSliceWriter } from './slice-writer.ts';

export interface ChainGeneratorDeps {
  readonly underlying: SimulatedUnderlying;
  readonly seed: number;
  readonly speed: number;
  readonly badQuoteRate: number;
  readonly rateCurve: RateCurve;
  /** See createEventLoopTurns. */
  readonly turn?: (() => Promise<void>) | undefined;
}

export interface ChainGenerator {
  /** The chain at a moment (epoch milliseconds, UTC). Lets the event loop turn between expirations; rejects with the signal's reason. */
  generate(atMs: number, signal: AbortSignal): Promise<ChainSnapshot>;
}

/** Strikes are listed around the price at the beginning of the day, rounded to this (log), so that most stay listed from one day to the next. */
const LADDER_ROUNDING = 0.04;
/** Expirations leave the chain this long before their moment: a price needs some time left. */
const LAST_QUOTE_MS = 30_000;

/** Days of a path's past that are gone through before others have their turn. */
const DAYS_AT_ONCE = 250;
/** One of them takes as long as so many contracts while the code has never run, which is when there are many. */
const CONTRACTS_OF_A_DAY = 6;

export function createChainGenerator({ underlying, seed, speed, badQuoteRate, rateCurve, turn }: ChainGeneratorDeps): ChainGenerator {
  const { symbol } = underlying.profile;
  const path = createMarketPath({ seed, name: underlying.pathName, parameters: underlying.path, speed });
  const key = randomKey(randomKey(seed, 'contracts'), symbol);
  const writeSlice = createSliceWriter({ underlying, badQuoteRate });
  const premiums = underlying.profile.exerciseStyle === 'AMERICAN' ? createEarlyExercisePremiums(underlying, rateCurve) : undefined;
  let latest: ChainLayout | undefined;
  let prices = createSlicePrices(64);

  async function layoutOf(day: number, worked: (contracts: number) => Promise<void>): Promise<ChainLayout> {
    if (latest?.day === day) return latest;
    // The way there from the first day takes a moment when none was known yet.
    while (path.day() + DAYS_AT_ONCE < day) {
      path.atStartOfDay(path.day() + DAYS_AT_ONCE);
      await worked(CONTRACTS_OF_A_DAY * DAYS_AT_ONCE);
    }
    const start = marketState(underlying, path.atStartOfDay(day), day * DAY_MS);
    const ladderPrice = underlying.referencePrice * Math.exp(Math.round(start.path.logPrice / LADDER_ROUNDING) * LADDER_ROUNDING);
    const layout = await layOutChain({ underlying, key, day, start, ladderPrice, rateCurve }, worked);
    latest = layout;
    return layout;
  }

  async function generate(atMs: number, signal: AbortSignal): Promise<ChainSnapshot> {
    const worked = createEventLoopTurns(signal, turn);
    // Chains are asked for several at a time, and the first of a day takes longer.
    await worked(0);
    const layout = await layoutOf(Math.floor(atMs / DAY_MS), worked);
    const state = marketState(underlying, path.at(atMs), atMs);
    const builder = createChainBuilder({
      underlying: underlying.profile,
      quotedAtMs: atMs,
      underlyingPrice: state.spot,
      source: `simulated ${symbol}`,
      expectedRows: 2 * layout.strikes.length,
      ...(underlying.profile.kind === 'CRYPTO' && { originalCurrency: symbol }),
    });
    const progress = sessionProgress(atMs);
    for (const slice of layout.slices) {
      if (slice.expiresAtMs - atMs < LAST_QUOTE_MS) continue;
      const count = slice.end - slice.first;
      if (prices.capacity < count) prices = createSlicePrices(2 * count);
      const terms = sliceTerms(underlying, state, slice.expiresAtMs, rateCurve);
      fillSlicePrices(prices, terms, layout.strikes, slice.first, slice.end);
      premiums?.add(prices, layout, slice, state);
      writeSlice(builder, { layout, slice, terms, prices, atMs, progress });
      await worked(2 * count);
    }
    return builder.build();
  }

  return { generate };
}
