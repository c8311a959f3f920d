import { malformedFile } from '../decode/malformed-file.ts';
import { UnknownUnderlyingError } from '../feed-errors.ts';
import { jsonNumber } from '../http/json-number.ts';
import { jsonObject } from '../http/json-object.ts';
import { newestDate } from './newest-date.ts';
import { oneOrMany } from './one-or-many.ts';

export interface UnderlyingQuote {
  /** Last trade, otherwise the middle of the quote; NaN when there is neither. */
  readonly price: number;
  /** Of the last trade or quote, whichever is newer, epoch milliseconds; 0 when none is told. */
  readonly quotedAtMs: number;
}

/** Reads the answer of /markets/quotes to one symbol. Throws UnknownUnderlyingError when Tradier does not know it, FeedMalformedError. */
export function readUnderlyingQuote(document: unknown, symbol: string, source: string): UnderlyingQuote {
  const quotes = jsonObject(jsonObject(document, source, '').quotes, source, 'quotes');
  const [first] = oneOrMany(quotes.quote);
  if (first === undefined) {
    if (quotes.unmatched_symbols === undefined) throw malformedFile(source, 'field quotes.quote', `the quote of ${symbol}`, 'nothing');
    throw new UnknownUnderlyingError(`${source}: expected a symbol that Tradier knows, got ${symbol}`);
  }
  const quote = jsonObject(first, source, 'quotes.quote');
  const last = jsonNumber(quote.last);
  const bid = jsonNumber(quote.bid);
  const ask = jsonNumber(quote.ask);
  const middle = bid > 0 && ask >= bid ? (bid + ask) / 2 : Number.NaN;
  return { price: last > 0 ? last : middle, quotedAtMs: newestDate(quote) };
}
