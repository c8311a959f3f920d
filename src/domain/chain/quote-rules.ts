import type { RecordDropReason } from './chain-snapshot.ts';
import type { QuoteRecord } from './quote-record.ts';

/** What Schwab, TD Ameritrade and others write where they have no number. */
const NO_VALUE = -999;
/** No price, strike or size of a real market comes near; larger ones would overflow to Infinity further on. */
const LARGEST = 1e12;
/** Vendors' solvers stop here when they find no volatility (1e-5), and none of them means more than 10,000 %. */
const SMALLEST_VOLATILITY = 1e-5;
const LARGEST_VOLATILITY = 100;

/** A reason to leave the record out, with the field that gave it. */
export interface QuoteFault {
  readonly reason: RecordDropReason;
  readonly field: keyof QuoteRecord;
  readonly expected: string;
}

const PRICES = ['bid', 'ask', 'last', 'mark', 'originalBid', 'originalAsk', 'originalMark'] as const satisfies (keyof QuoteRecord)[];
const COUNTS = ['bidSize', 'askSize', 'volume', 'openInterest'] as const satisfies (keyof QuoteRecord)[];

/**
 * Replaces the vendor's stand-ins for "unknown" by NaN, in place:
 * - anywhere: -999;
 * - prices (bid, ask, last, mark): 0, since an option that nobody bids for has no bid, not a bid of nothing;
 * - implied volatility: 0, 1e-5, anything negative or above 100 (10,000 %);
 * - delta: 0 (vendors write it beside an unknown volatility) and anything beyond ±1.
 * A size, volume or open interest of 0 is a number and stays.
 */
export function clearSentinels(record: QuoteRecord): void {
  record.bid = knownPrice(record.bid);
  record.ask = knownPrice(record.ask);
  record.last = knownPrice(record.last);
  record.mark = knownPrice(record.mark);
  record.originalBid = knownPrice(record.originalBid);
  record.originalAsk = knownPrice(record.originalAsk);
  record.originalMark = knownPrice(record.originalMark);
  record.bidSize = knownCount(record.bidSize);
  record.askSize = knownCount(record.askSize);
  record.volume = knownCount(record.volume);
  record.openInterest = knownCount(record.openInterest);
  record.impliedVolatility = knownVolatility(record.impliedVolatility);
  record.delta = knownDelta(record.delta);
}

export function knownPrice(value: number): number {
  return value === 0 || value === NO_VALUE ? Number.NaN : value;
}

export function knownCount(value: number): number {
  return value === NO_VALUE ? Number.NaN : value;
}

export function knownVolatility(value: number): number {
  return value > SMALLEST_VOLATILITY && value <= LARGEST_VOLATILITY ? value : Number.NaN;
}

export function knownDelta(value: number): number {
  return value !== 0 && value >= -1 && value <= 1 ? value : Number.NaN;
}

/** Whether a record (without its sentinels) may become a row. This is asked for every contract: it only compares. */
export function isSoundQuote(record: QuoteRecord): boolean {
  return (
    record.strike > 0 &&
    record.strike < LARGEST &&
    // Written as "not outside", so that NaN, unknown, passes.
    !(record.bid < 0 || record.bid > LARGEST || record.ask < 0 || record.ask > LARGEST || record.bid > record.ask) &&
    !(record.last < 0 || record.last > LARGEST || record.mark < 0 || record.mark > LARGEST) &&
    !(record.bidSize < 0 || record.bidSize > LARGEST || record.askSize < 0 || record.askSize > LARGEST) &&
    !(record.volume < 0 || record.volume > LARGEST || record.openInterest < 0 || record.openInterest > LARGEST) &&
    !(record.originalBid < 0 || record.originalAsk < 0 || record.originalMark < 0) &&
    !(record.originalBid > LARGEST || record.originalAsk > LARGEST || record.originalMark > LARGEST)
  );
}

/** isSoundQuote for a record of the BLOCK_NUMBERS alone. */
export function areSoundNumbers(strike: number, bid: number, ask: number, last: number, volume: number, openInterest: number): boolean {
  return (
    strike > 0 &&
    strike < LARGEST &&
    !(bid < 0 || bid > LARGEST || ask < 0 || ask > LARGEST || bid > ask || last < 0 || last > LARGEST) &&
    !(volume < 0 || volume > LARGEST || openInterest < 0 || openInterest > LARGEST)
  );
}

/** Why isSoundQuote said no; for the rare record, so that it may be slow. */
export function findQuoteFault(record: QuoteRecord): QuoteFault {
  if (Number.isNaN(record.strike)) return { reason: 'missing-field', field: 'strike', expected: 'a number > 0' };
  if (record.strike <= 0) return { reason: 'non-positive-strike', field: 'strike', expected: 'a number > 0' };
  for (const field of ['strike', ...PRICES, ...COUNTS] as const) {
    if (record[field] >= LARGEST) return { reason: 'malformed-number', field, expected: 'a number below 1e12' };
  }
  for (const field of PRICES) {
    if (record[field] < 0) return { reason: 'negative-price', field, expected: 'a number ≥ 0' };
  }
  for (const field of COUNTS) {
    if (record[field] < 0) return { reason: 'negative-size', field, expected: 'a number ≥ 0' };
  }
  return { reason: 'crossed-quote', field: 'bid', expected: `at most the ask of ${record.ask}` };
}
