/**
 * One record on its way into a chain, as the source states it; NaN: not stated. Prices per unit of the underlying in its currency,
 * sizes, volume and open interest in contracts, implied volatility decimal, delta per 1.00 of the underlying.
 */
export interface QuoteRecord {
  strike: number;
  bid: number;
  ask: number;
  bidSize: number;
  askSize: number;
  last: number;
  volume: number;
  openInterest: number;
  mark: number;
  impliedVolatility: number;
  delta: number;
  /** The source's numbers before conversion, when it quotes in another currency (Deribit: coin). */
  originalBid: number;
  originalAsk: number;
  originalMark: number;
}

export function blankQuoteRecord(): QuoteRecord {
  // Every field a NaN literal, so that the engine stores all of them as unboxed doubles from the start.
  return {
    strike: Number.NaN,
    bid: Number.NaN,
    ask: Number.NaN,
    bidSize: Number.NaN,
    askSize: Number.NaN,
    last: Number.NaN,
    volume: Number.NaN,
    openInterest: Number.NaN,
    mark: Number.NaN,
    impliedVolatility: Number.NaN,
    delta: Number.NaN,
    originalBid: Number.NaN,
    originalAsk: Number.NaN,
    originalMark: Number.NaN,
  };
}

export function clearQuoteRecord(record: QuoteRecord): void {
  record.strike = Number.NaN;
  record.bid = Number.NaN;
  record.ask = Number.NaN;
  record.bidSize = Number.NaN;
  record.askSize = Number.NaN;
  record.last = Number.NaN;
  record.volume = Number.NaN;
  record.openInterest = Number.NaN;
  record.mark = Number.NaN;
  record.impliedVolatility = Number.NaN;
  record.delta = Number.NaN;
  record.originalBid = Number.NaN;
  record.originalAsk = Number.NaN;
  record.originalMark = Number.NaN;
}
