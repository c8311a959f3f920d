import { parseNewYorkTime } from '../../../domain/calendar/new-york-time.ts';
import { MALFORMED_DATE } from '../../../domain/chain/chain-builder.ts';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import { usUnderlying } from '../../../domain/chain/underlying-catalogue.ts';
import type { ChainSelection } from './chain-format.ts';
import type { ChainGroup } from './chain-groups.ts';
import { decodeFlatCsv, type FlatCsvLine } from './decode-flat-csv.ts';
import { dropField } from './drop-unreadable.ts';
import { fileNameTerms } from './file-name-terms.ts';
import { readCompactExpiration } from './read-compact-expiration.ts';
import { rightAt } from './right-field.ts';

const REQUIRED = ['snapshot_et', 'expiry', 'right', 'strike', 'bid', 'ask'] as const;
const OPTIONAL = [
  'bid_size',
  'ask_size',
  'last',
  'volume',
  'open_interest',
  'underlying_last',
  'underlying_bid',
  'underlying_ask',
] as const;
const NUMBERS = ['strike', 'bid', 'ask', ...OPTIONAL] as const;
type Line = FlatCsvLine<(typeof REQUIRED)[number] | (typeof OPTIONAL)[number]>;

/**
 * Reads an intraday series of one underlying, many moments in one file (`snapshot_et,expiry,right,strike,…`), New York time. The
 * underlying stands in the file's name only (goog_20151224….csv). An empty bid or ask means that there is none. Throws FeedMalformedError.
 * @param source what is read: a file name, which says symbol and date (goog_20151224….csv)
 * @param only the chain to return, of several; all when not given
 */
export function decodeIntradayCsv(bytes: Uint8Array, source: string, only?: ChainSelection): ChainSnapshot[] {
  const layout = {
    required: REQUIRED,
    optional: OPTIONAL,
    numbers: NUMBERS,
    quotedAt: {
      column: 'snapshot_et',
      read: (text: string) => parseNewYorkTime(text) ?? Number.NaN,
      expected: 'a New York time like 2015-12-24T09:35:00',
    },
    underlying: fileNameTerms(source).symbol,
    profile: usUnderlying,
    readExpiration: readCompactExpiration,
    addLine,
    priceFields: 'bid, ask, last',
  } as const;
  return decodeFlatCsv(layout, bytes, source, only);
}

function addLine({ builder, expirationAt }: ChainGroup, { csv, bytes, columns, values }: Line): void {
  const expiration = expirationAt(csv.start(columns.expiry), csv.end(columns.expiry));
  const right = rightAt(bytes, csv.start(columns.right), csv.end(columns.right));
  if (expiration === MALFORMED_DATE || right < 0) {
    if (right < 0) dropField(builder.drop, csv, 'malformed-symbol', columns.right, 'right', 'C or P');
    else dropField(builder.drop, csv, 'malformed-symbol', columns.expiry, 'expiry', 'a date like 20151224');
    return;
  }
  const { record } = builder;
  record.strike = values[0]!;
  record.bid = values[1]!;
  record.ask = values[2]!;
  record.bidSize = values[3]!;
  record.askSize = values[4]!;
  record.last = values[5]!;
  record.volume = values[6]!;
  record.openInterest = values[7]!;
  builder.setUnderlyingPrice(currentPrice(values[8]!, values[9]!, values[10]!));
  builder.add(expiration, right, csv.line());
}

/** The last trade, unless the quote has left it behind: then the middle of that. */
function currentPrice(last: number, bid: number, ask: number): number {
  const isStale = bid > 0 && ask >= bid && !(last >= bid && last <= ask);
  return isStale ? (bid + ask) / 2 : last;
}
