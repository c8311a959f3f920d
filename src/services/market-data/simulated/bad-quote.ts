import type { QuoteRecord } from '../../../domain/chain/quote-record.ts';
import { randomBits } from './random-bits.ts';

/** What goes wrong with quotes of real feeds. The first three make the record one to leave out, the others one to distrust. */
export const BAD_QUOTE_KINDS = [
  'crossed',
  'negative-price',
  'negative-size',
  'missing-bid',
  'missing-ask',
  'stale',
  'volatility-in-percent',
] as const;
export type BadQuoteKind = (typeof BAD_QUOTE_KINDS)[number];

/** A bad quote stays for as long as this, then another contract has one. */
const EPISODE_MS = 20_000;
const EPISODE_STREAM = 11;
const KIND_STREAM = 12;

/**
 * Whether the quote of a contract is bad at a moment, and how; null for most.
 * @param key stream of the contract; @param rate share of quotes that are bad, 0 to 1
 */
export function badQuoteAt(key: number, atMs: number, rate: number): BadQuoteKind | null {
  const episode = Math.floor((atMs + (key % EPISODE_MS)) / EPISODE_MS) | 0;
  if (randomBits(key + EPISODE_STREAM, episode) >= rate * 4_294_967_296) return null;
  return BAD_QUOTE_KINDS[randomBits(key + KIND_STREAM, episode) % BAD_QUOTE_KINDS.length]!;
}

/** Spoils a filled record. Stale quotes are the writer's to make: they need an old price. */
export function spoilQuote(record: QuoteRecord, kind: BadQuoteKind): void {
  switch (kind) {
    case 'crossed':
      record.bid = record.ask * 1.05;
      break;
    case 'negative-price':
      record.bid = -1;
      break;
    case 'negative-size':
      record.askSize = -1;
      break;
    case 'missing-bid':
      record.bid = 0;
      record.bidSize = 0;
      record.originalBid = 0;
      break;
    case 'missing-ask':
      record.ask = 0;
      record.askSize = 0;
      record.originalAsk = 0;
      break;
    case 'volatility-in-percent':
      record.impliedVolatility *= 100;
      break;
    case 'stale':
      break;
  }
}
