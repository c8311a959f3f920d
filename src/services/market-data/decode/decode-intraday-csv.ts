import { parseNewYorkTime } from '../../../domain/calendar/new-york-time.ts';
import { MALFORMED_DATE } from '../../../domain/chain/chain-builder.ts';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import { usUnderlying } from '../../../domain/chain/underlying-catalogue.ts';
import type { ChainSelection } from './chain-format.ts';
import type { ChainGroup } from './chain-groups.ts';
import type { CsvReader } from './csv-reader.ts';
import { decodeFlatCsv } from './decode-flat-csv.ts';
import { dropFault, dropField } from './drop-unreadable.ts';
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
type Columns = Readonly<Record<(typeof REQUIRED)[number] | (typeof OPTIONAL)[number], number>>;

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

function addLine({ builder, expirationAt }: ChainGroup, csv: CsvReader, bytes: Uint8Array, columns: Columns): void {
  const expiration = expirationAt(csv.start(columns.expiry), csv.end(columns.expiry));
  const right = rightAt(bytes, csv.start(columns.right), csv.end(columns.right));
  if (expiration === MALFORMED_DATE || right < 0) {
    if (right < 0) dropField(builder.drop, csv, 'malformed-symbol', columns.right, 'right', 'C or P');
    else dropField(builder.drop, csv, 'malformed-symbol', columns.expiry, 'expiry', 'a date like 20151224');
    return;
  }
  const { record } = builder;
  record.strike = csv.number(columns.strike);
  record.bid = csv.number(columns.bid);
  record.ask = csv.number(columns.ask);
  record.bidSize = csv.number(columns.bid_size);
  record.askSize = csv.number(columns.ask_size);
  record.last = csv.number(columns.last);
  record.volume = csv.number(columns.volume);
  record.openInterest = csv.number(columns.open_interest);
  const last = csv.number(columns.underlying_last);
  builder.setUnderlyingPrice(currentPrice(last, csv.number(columns.underlying_bid), csv.number(columns.underlying_ask)));
  const fault = csv.takeFault();
  if (fault < 0) builder.add(expiration, right, csv.line());
  else dropFault(builder.drop, csv, fault, columns);
}

/** The last trade, unless the quote has left it behind: then the middle of that. */
function currentPrice(last: number, bid: number, ask: number): number {
  const isStale = bid > 0 && ask >= bid && !(last >= bid && last <= ask);
  return isStale ? (bid + ask) / 2 : last;
}
