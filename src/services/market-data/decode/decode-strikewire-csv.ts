import { MALFORMED_DATE } from '../../../domain/chain/chain-builder.ts';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import { usUnderlying } from '../../../domain/chain/underlying-catalogue.ts';
import type { ChainSelection } from './chain-format.ts';
import type { ChainGroup } from './chain-groups.ts';
import type { CsvReader } from './csv-reader.ts';
import { decodeFlatCsv } from './decode-flat-csv.ts';
import { dropFault, dropField } from './drop-unreadable.ts';
import { normaliseSymbol } from './normalise-symbol.ts';
import { rightAt } from './right-field.ts';

const REQUIRED = ['quoted_at', 'underlying', 'expiration', 'strike', 'right', 'bid', 'ask'] as const;
const OPTIONAL = [
  'root',
  'underlying_price',
  'bid_size',
  'ask_size',
  'last',
  'volume',
  'open_interest',
  'mark',
  'implied_volatility',
  'delta',
] as const;
type Columns = Readonly<Record<(typeof REQUIRED)[number] | (typeof OPTIONAL)[number], number>>;

/**
 * Reads our own layout, for chains from anywhere else: a CSV (UTF-8, comma, header in the first line, any number of US underlyings and
 * moments) with these columns, of which the header must begin with the first two:
 *
 * | column | content |
 * |---|---|
 * | quoted_at | ISO 8601 with its zone: `2026-07-15T15:30:00Z`, `2026-07-15T11:30:00-04:00` |
 * | underlying | `SPX`, `GOOG` |
 * | expiration | `YYYY-MM-DD` |
 * | strike | > 0 |
 * | right | `C`, `P`, `call`, `put` |
 * | bid, ask | per unit of the underlying; empty or 0: none |
 * | root | where it is not the underlying's symbol: `SPXW`. Optional, as all that follow |
 * | underlying_price | |
 * | bid_size, ask_size, volume, open_interest | contracts |
 * | last, mark | last trade; the source's own model price |
 * | implied_volatility | decimal: 0.25 |
 * | delta | per 1.00 of the underlying |
 *
 * Throws FeedMalformedError.
 * @param source what is read, for messages: a file name
 * @param only the chain to return, of several; all when not given
 */
export function decodeStrikewireCsv(bytes: Uint8Array, source: string, only?: ChainSelection): ChainSnapshot[] {
  const layout = {
    required: REQUIRED,
    optional: OPTIONAL,
    quotedAt: { column: 'quoted_at', read: parseZonedTime, expected: 'a time with its zone like 2026-07-15T15:30:00Z' },
    underlying: { column: 'underlying', read: normaliseSymbol },
    profile: usUnderlying,
    readExpiration: () => MALFORMED_DATE,
    addLine,
    priceFields: 'bid, ask, last, mark',
  } as const;
  return decodeFlatCsv(layout, bytes, source, only);
}

function addLine({ builder, symbol }: ChainGroup, csv: CsvReader, bytes: Uint8Array, columns: Columns): void {
  const root = csv.text(columns.root).trim() || symbol.replace(/[^A-Z0-9]/g, '');
  const expiration = builder.expiration(root, csv.text(columns.expiration).trim());
  const right = rightAt(bytes, csv.start(columns.right), csv.end(columns.right));
  if (expiration === MALFORMED_DATE || right < 0) {
    if (right < 0) dropField(builder.drop, csv, 'malformed-symbol', columns.right, 'right', 'C, P, call or put');
    else dropField(builder.drop, csv, 'malformed-symbol', columns.expiration, 'expiration', 'a date like 2026-07-17');
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
  record.mark = csv.number(columns.mark);
  record.impliedVolatility = csv.number(columns.implied_volatility);
  record.delta = csv.number(columns.delta);
  builder.setUnderlyingPrice(csv.number(columns.underlying_price));
  const fault = csv.takeFault();
  if (fault < 0) builder.add(expiration, right, csv.line());
  else dropFault(builder.drop, csv, fault, columns);
}

function parseZonedTime(text: string): number {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
}
