import { MALFORMED_DATE } from '../../../domain/chain/chain-builder.ts';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import { parseDeribitSymbol } from '../../../domain/chain/deribit-symbol.ts';
import { deribitUnderlying } from '../../../domain/chain/underlying-catalogue.ts';
import type { ChainSelection } from './chain-format.ts';
import type { ChainGroup } from './chain-groups.ts';
import { decodeFlatCsv, type FlatCsvLine } from './decode-flat-csv.ts';
import { dropField } from './drop-unreadable.ts';

const REQUIRED = ['snapshot_utc', 'underlying', 'instrument', 'bid', 'ask', 'underlying_price'] as const;
const OPTIONAL = ['mark_price', 'mark_iv', 'delta', 'open_interest', 'volume_24h'] as const;
const NUMBERS = ['underlying_price', 'bid', 'ask', 'mark_price', 'volume_24h', 'open_interest', 'mark_iv', 'delta'] as const;
type Line = FlatCsvLine<(typeof REQUIRED)[number] | (typeof OPTIONAL)[number]>;

/**
 * Reads daily snapshots of Deribit's options, all coins in one file. Prices of inverse contracts are in coin: they are multiplied by their
 * expiration's forward (underlying_price; the lines of one expiration differ by 0.01 % at most, the first is taken) and kept as they were
 * beside it. Linear contracts (SOL_USDC) are quoted in dollars. mark_iv is in percent. The file does not say the index; the nearest
 * forward stands for the price of the underlying. Throws FeedMalformedError.
 * @param source what is read, for messages: a file name
 * @param only the chain to return, of several; all when not given
 */
export function decodeDeribitCsv(bytes: Uint8Array, source: string, only?: ChainSelection): ChainSnapshot[] {
  const layout = {
    required: REQUIRED,
    optional: OPTIONAL,
    numbers: NUMBERS,
    quotedAt: { column: 'snapshot_utc', read: parseUtcTime, expected: 'a UTC time like 2026-07-04 12:24:07' },
    underlying: { column: 'underlying', read: coinOf },
    profile: deribitUnderlying,
    originalCurrency: (symbol: string) => symbol,
    readExpiration: () => MALFORMED_DATE,
    addLine,
    priceFields: 'bid, ask, mark_price',
  } as const;
  return decodeFlatCsv(layout, bytes, source, only).map((chain) => ({
    ...chain,
    underlyingPrice: chain.expirations.find(({ vendorForward }) => vendorForward > 0)?.vendorForward ?? Number.NaN,
  }));
}

function addLine({ builder }: ChainGroup, { csv, columns, values }: Line): void {
  const terms = parseDeribitSymbol(csv.text(columns.instrument));
  if (!terms) {
    dropField(builder.drop, csv, 'malformed-symbol', columns.instrument, 'instrument', 'a name like BTC-28AUG26-105000-C');
    return;
  }
  const expiration = builder.expiration(terms.root, terms.date);
  const forward = builder.setVendorForward(expiration, values[0]!);
  const isInverse = !terms.root.includes('_');
  if (isInverse && expiration >= 0 && Number.isNaN(forward)) {
    dropField(builder.drop, csv, 'missing-field', columns.underlying_price, 'underlying_price', 'a forward to convert coin with');
    return;
  }
  const { record } = builder;
  const bid = values[1]!;
  const ask = values[2]!;
  const mark = values[3]!;
  const dollars = isInverse ? forward : 1;
  record.strike = terms.strike;
  record.bid = bid * dollars;
  record.ask = ask * dollars;
  record.mark = mark * dollars;
  if (isInverse) {
    record.originalBid = bid;
    record.originalAsk = ask;
    record.originalMark = mark;
  }
  record.volume = values[4]!;
  record.openInterest = values[5]!;
  record.impliedVolatility = values[6]! / 100;
  record.delta = values[7]!;
  builder.add(expiration, terms.right, csv.line());
}

/** SOL of SOL and of SOL_USDC. */
function coinOf(text: string): string {
  return text.trim().toUpperCase().split('_')[0]!;
}

function parseUtcTime(text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})$/.exec(text);
  return match ? Date.parse(`${match[1]}T${match[2]}Z`) : Number.NaN;
}
