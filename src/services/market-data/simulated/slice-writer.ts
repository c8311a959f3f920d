import type { ChainBuilder } from '../../../domain/chain/chain-builder.ts';
import { CALL, PUT } from '../../../domain/chain/chain-snapshot.ts';
import type { QuoteRecord } from '../../../domain/chain/quote-record.ts';
import { badQuoteAt, spoilQuote } from './bad-quote.ts';
import type { ChainLayout } from './chain-layout.ts';
import type { LayoutSlice } from './chain-layout-columns.ts';
import { quoteSpread, spreadScale } from './quote-spread.ts';
import { randomBits } from './random-bits.ts';
import type { SimulatedUnderlying } from './simulated-underlying.ts';
import type { SlicePrices, SliceTerms } from './slice-prices.ts';
import { standardNormal } from './standard-normal.ts';
import { roundToTick, tickAt } from './tick-rule.ts';

export interface SliceWriterDeps {
  readonly underlying: SimulatedUnderlying;
  /** Share of quotes that are bad, 0 to 1. */
  readonly badQuoteRate: number;
}

/** What the quotes of one slice at one moment are made of. */
export interface SliceInHand {
  readonly layout: ChainLayout;
  readonly slice: LayoutSlice;
  readonly terms: SliceTerms;
  readonly prices: SlicePrices;
  readonly atMs: number;
  /** Share of the day's volume that has traded, 0 to 1. */
  readonly progress: number;
}

/** Market makers look at a quote this often; in between it follows the model price with the same error. */
const REQUOTE_MS = 5000;
const REQUOTE_STREAM = 10;
/** Quotes are off the model price by at most this share of their spread, to either side. */
const LARGEST_MID_ERROR = 0.15;
/** Shown sizes scatter by this much (log) around a level that follows the open interest. */
const SIZE_SCATTER = 0.7;
/** 256 lognormal multiples in random order: eight random bits choose one. */
const SIZE_MULTIPLES = Float64Array.from({ length: 256 }, (_, i) => Math.exp(SIZE_SCATTER * standardNormal(0, i)));

/** Returns a function that puts the records of a slice into a builder, calls first. */
export function createSliceWriter({ underlying, badQuoteRate }: SliceWriterDeps): (builder: ChainBuilder, inHand: SliceInHand) => void {
  const { ticks, spreadFactor } = underlying;
  const isCoin = underlying.profile.kind === 'CRYPTO';

  function fillPrices(record: QuoteRecord, price: number, error: number, width: number, unit: number): void {
    const mid = (price + error * width) / unit;
    const half = (0.5 * width) / unit;
    const tick = tickAt(ticks, mid);
    const bid = roundToTick(Math.max(0, mid - half), tick);
    const ask = Math.max(roundToTick(mid + half, tick), roundToTick(bid + tick, tick));
    record.bid = bid * unit;
    record.ask = ask * unit;
    if (!isCoin) return;
    record.originalBid = bid;
    record.originalAsk = ask;
  }

  function fillModel(record: QuoteRecord, price: number, volatility: number, delta: number, unit: number): void {
    const mark = Math.round((price / unit) * 10_000) / 10_000;
    record.mark = mark * unit;
    if (isCoin) record.originalMark = mark;
    // A vendor's solver finds nothing in a price that rounds to nothing, and says 0.
    record.impliedVolatility = mark > 0 ? Math.round(volatility * 10_000) / 10_000 : 0;
    record.delta = mark > 0 ? Math.round(delta * 10_000) / 10_000 : 0;
  }

  function lastPrice(
    bid: number,
    ask: number,
    previousClose: number,
    volume: number,
    isHeld: boolean,
    share: number,
    unit: number,
  ): number {
    if (volume < 1 && !isHeld) return Number.NaN;
    const price = (volume < 1 ? previousClose : bid + share * (ask - bid)) / unit;
    const tick = tickAt(ticks, price);
    return Math.max(tick, roundToTick(price, tick)) * unit;
  }

  return (builder, { layout, slice, terms, prices, atMs, progress }) => {
    const { key, openInterest, dailyVolume, burstVolume, burstAtMs, relativeSpread, previousClose } = layout.contracts;
    const { record } = builder;
    const expiration = builder.expiration(slice.root, slice.date);
    const unit = isCoin ? terms.forward : 1;
    if (isCoin) builder.setVendorForward(expiration, terms.forward);
    const scale = spreadScale(terms.spot, terms.smile.yearFraction);
    for (let right: 0 | 1 = CALL; right <= PUT; right++) {
      const modelPrices = right === CALL ? prices.callPrice : prices.putPrice;
      for (let j = slice.first; j < slice.end; j++) {
        const i = j - slice.first;
        const row = 2 * j + right;
        const contractKey = key[row]!;
        const price = modelPrices[i]!;
        const delta = right === CALL ? prices.callDelta[i]! : prices.callDelta[i]! - terms.forwardDelta;
        const width = quoteSpread(price, delta, scale, spreadFactor * relativeSpread[row]!);
        const bits = randomBits(contractKey + REQUOTE_STREAM, Math.floor((atMs + (contractKey % REQUOTE_MS)) / REQUOTE_MS) | 0);
        const bad = badQuoteRate > 0 ? badQuoteAt(contractKey, atMs, badQuoteRate) : null;
        const error = LARGEST_MID_ERROR * ((bits & 0xff) / 127.5 - 1);
        const quoted = bad === 'stale' ? previousClose[row]! : price;
        const sizeLevel = 3 + 0.6 * Math.sqrt(openInterest[row]!);
        fillPrices(record, quoted, error, width, unit);
        fillModel(record, price, prices.volatility[i]!, delta, unit);
        record.strike = layout.strikes[j]!;
        record.bidSize = record.bid > 0 ? Math.ceil(sizeLevel * SIZE_MULTIPLES[(bits >>> 8) & 0xff]!) : 0;
        record.askSize = Math.ceil(sizeLevel * SIZE_MULTIPLES[(bits >>> 16) & 0xff]!);
        record.openInterest = openInterest[row]!;
        const burst = atMs >= burstAtMs[row]! ? burstVolume[row]! : 0;
        record.volume = Math.floor(dailyVolume[row]! * progress + burst);
        record.last = lastPrice(
          record.bid,
          record.ask,
          previousClose[row]!,
          record.volume,
          record.openInterest > 0,
          (bits >>> 24) / 255,
          unit,
        );
        if (bad !== null) spoilQuote(record, bad);
        builder.add(expiration, right, row);
      }
    }
  };
}
