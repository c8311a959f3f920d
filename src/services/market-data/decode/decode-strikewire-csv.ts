import { MALFORMED_DATE } from '../../../domain/chain/chain-builder.ts';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import { usUnderlying } from '../../../domain/chain/underlying-catalogue.ts';
import type { ChainSelection } from './chain-format.ts';
import type { ChainGroup } from './chain-groups.ts';
import { decodeFlatCsv, type FlatCsvLine } from './decode-flat-csv.ts';
import { dropField } from './drop-unreadable.ts';
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
const NUMBERS = [
  'strike',
  'bid',
  'ask',
  'bid_size',
  'ask_size',
  'last',
  'volume',
  'open_interest',
  'mark',
  'implied_volatility',
  'delta',
  'underlying_price',
] as const;
type Line = FlatCsvLine<(typeof REQUIRED)[number] | (typeof OPTIONAL)[number]>;

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
    numbers: NUMBERS,
    quotedAt: { column: 'quoted_at', read: parseZonedTime, expected: 'a time with its zone like 2026-07-15T15:30:00Z' },
    underlying: { column: 'underlying', read: normaliseSymbol },
    profile: usUnderlying,
    readExpiration: () => MALFORMED_DATE,
    addLine,
    priceFields: 'bid, ask, last, mark',
  } as const;
  return decodeFlatCsv(layout, bytes, source, only);
}

function addLine({ builder, symbol }: ChainGroup, { csv, bytes, columns, values }: Line): void {
  const root = csv.text(columns.root).trim() || symbol.replace(/[^A-Z0-9]/g, '');
  const expiration = builder.expiration(root, csv.text(columns.expiration).trim());
  const right = rightAt(bytes, csv.start(columns.right), csv.end(columns.right));
  if (expiration === MALFORMED_DATE || right < 0) {
    if (right < 0) dropField(builder.drop, csv, 'malformed-symbol', columns.right, 'right', 'C, P, call or put');
    else dropField(builder.drop, csv, 'malformed-symbol', columns.expiration, 'expiration', 'a date like 2026-07-17');
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
  record.mark = values[8]!;
  record.impliedVolatility = values[9]!;
  record.delta = values[10]!;
  builder.setUnderlyingPrice(values[11]!);
  builder.add(expiration, right, csv.line());
}

function parseZonedTime(text: string): number {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
}
