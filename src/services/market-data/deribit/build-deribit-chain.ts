import { type ChainBuilder, createChainBuilder } from '../../../domain/chain/chain-builder.ts';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import type { ContractTerms } from '../../../domain/chain/occ-symbol.ts';
import type { UnderlyingProfile } from '../../../domain/chain/underlying-profile.ts';
import { describeJson } from '../http/describe-json.ts';
import { isNumberOrAbsent } from '../http/is-number-or-absent.ts';
import { jsonNumber } from '../http/json-number.ts';
import type { DeribitCoin } from './deribit-coin.ts';
import type { LiveCoin } from './live-market.ts';
import type { Mark } from './mark-table.ts';

/** One element of the result of public/get_book_summary_by_currency, as far as it is read; nothing of it is checked yet. */
const NUMBERS = ['bid_price', 'ask_price', 'mark_price', 'mark_iv', 'last', 'volume', 'open_interest', 'underlying_price'] as const;
type Summary = Readonly<Record<(typeof NUMBERS)[number] | 'instrument_name' | 'creation_timestamp' | 'estimated_delivery_price', unknown>>;

export interface DeribitChainInput {
  readonly coin: DeribitCoin;
  readonly underlying: UnderlyingProfile;
  /** Elements of the answer; for a linear coin those of other coins are among them. */
  readonly summaries: readonly unknown[];
  readonly live: LiveCoin;
  /** Marks and index prices of the socket older than this against the quotes are not used, in milliseconds. */
  readonly maximumLiveAgeMs: number;
  /** Moment of the quotes when the answer does not tell, epoch milliseconds. */
  readonly receivedAtMs: number;
  /** Reads the name of an option; null when it is not one. */
  readonly readTerms: (instrument: string) => ContractTerms | null;
  readonly source: string;
}

/**
 * The chain of one coin. Prices of inverse options are in coin: they are multiplied by their expiration's forward (underlying_price) and kept as they were beside it; linear ones are
 * quoted in dollars already. Volume and open interest come in coin and become contracts. Marks are taken from the answer or from the socket, whichever
 * is newer: they tell the same, but the socket rounds prices to 4 decimals of coin. The price of the underlying is the index.
 */
export function buildDeribitChain(input: DeribitChainInput): ChainSnapshot {
  const { coin, summaries, live, maximumLiveAgeMs } = input;
  const answeredAtMs = newestTimestamp(summaries);
  const quotedAtMs = answeredAtMs > 0 ? answeredAtMs : input.receivedAtMs;
  const isSpotLive = quotedAtMs - live.spotAtMs <= maximumLiveAgeMs;
  const builder = createChainBuilder({
    underlying: input.underlying,
    quotedAtMs,
    underlyingPrice: isSpotLive ? live.spot : Number.NaN,
    ...(coin.isInverse && { originalCurrency: coin.symbol }),
    source: input.source,
    positionUnit: 'result',
    expectedRows: summaries.length,
  });
  const rows = createSummaryRows(input, builder, quotedAtMs);
  for (let i = 0; i < summaries.length; i++) rows.add(summaries[i] as Summary | null, i + 1);
  if (!isSpotLive) builder.setUnderlyingPrice(rows.indexPrice());
  return builder.build();
}

/** Server time of the answer: creation_timestamp is the same in all of its elements, or nearly. */
function newestTimestamp(summaries: readonly unknown[]): number {
  let newestMs = 0;
  for (const summary of summaries) {
    const atMs = jsonNumber((summary as Summary | null)?.creation_timestamp);
    if (atMs > newestMs) newestMs = atMs;
  }
  return newestMs;
}

function createSummaryRows(input: DeribitChainInput, builder: ChainBuilder, quotedAtMs: number) {
  const { coin, live, maximumLiveAgeMs, readTerms } = input;
  const prefix = `${coin.root}-`;
  const expirations = new Map<string, number>();
  const { contractMultiplier } = input.underlying;
  let lastDate = '';
  let indexPrice = Number.NaN;

  function expirationOf(date: string): number {
    const known = expirations.get(date);
    if (known !== undefined) return known;
    const number = builder.expiration(coin.root, date);
    expirations.set(date, number);
    return number;
  }

  function add(summary: Summary | null, position: number): void {
    const name = summary?.instrument_name;
    if (!coin.isInverse && typeof name === 'string' && !name.startsWith(prefix)) return;
    const terms = typeof name === 'string' ? readTerms(name) : null;
    if (!summary || !terms) {
      builder.drop(
        'malformed-symbol',
        position,
        `field instrument_name: expected a name like BTC-28AUG26-105000-C, found ${describeJson(name)}`,
      );
      return;
    }
    if (terms.root !== coin.root) {
      builder.drop('foreign-underlying', position, `expected an option on ${coin.root}, found the root ${terms.root}`);
      return;
    }
    for (const field of NUMBERS) {
      if (isNumberOrAbsent(summary[field])) continue;
      builder.drop('malformed-number', position, `field ${field}: expected a number, found ${describeJson(summary[field])}`);
      return;
    }
    const expiration = expirationOf(terms.date);
    const forward = builder.setVendorForward(expiration, jsonNumber(summary.underlying_price));
    if (coin.isInverse && Number.isNaN(forward)) {
      builder.drop(
        'missing-field',
        position,
        `field underlying_price: expected a forward to convert coin with, found ${describeJson(summary.underlying_price)}`,
      );
      return;
    }
    noteIndexPrice(terms.date, summary);
    fillPrices(summary, live.marks.get(name as string), coin.isInverse ? forward : 1);
    builder.record.strike = terms.strike;
    builder.record.volume = jsonNumber(summary.volume) / contractMultiplier;
    builder.record.openInterest = jsonNumber(summary.open_interest) / contractMultiplier;
    builder.add(expiration, terms.right, position);
  }

  /** estimated_delivery_price is the index, but for options in their last half hour, where it is the average so far: the latest expiration is asked. */
  function noteIndexPrice(date: string, summary: Summary): void {
    const price = jsonNumber(summary.estimated_delivery_price);
    if (!(price > 0) || date < lastDate) return;
    lastDate = date;
    indexPrice = price;
  }

  /** @param dollars what one unit of the quoted prices is worth */
  function fillPrices(summary: Summary, mark: Mark | undefined, dollars: number): void {
    const { record } = builder;
    const bid = jsonNumber(summary.bid_price);
    const ask = jsonNumber(summary.ask_price);
    let markPrice = jsonNumber(summary.mark_price);
    // Percent here.
    let volatility = jsonNumber(summary.mark_iv) / 100;
    if (mark && quotedAtMs - mark.timestampMs <= maximumLiveAgeMs) {
      const isNewer = mark.timestampMs > quotedAtMs;
      if (mark.price > 0 && (isNewer || Number.isNaN(markPrice))) markPrice = mark.price;
      if (mark.impliedVolatility > 0 && (isNewer || Number.isNaN(volatility))) volatility = mark.impliedVolatility;
    }
    record.bid = bid * dollars;
    record.ask = ask * dollars;
    record.mark = markPrice * dollars;
    record.last = jsonNumber(summary.last) * dollars;
    record.impliedVolatility = volatility;
    if (!coin.isInverse) return;
    record.originalBid = bid;
    record.originalAsk = ask;
    record.originalMark = markPrice;
  }

  return { add, indexPrice: () => indexPrice };
}
