import { parseDate } from '../../../domain/calendar/day-number.ts';
import { usCloseMs } from '../../../domain/calendar/expiration-moment.ts';
import { MALFORMED_DATE } from '../../../domain/chain/chain-builder.ts';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import { usUnderlying } from '../../../domain/chain/underlying-catalogue.ts';
import type { ChainSelection } from './chain-format.ts';
import type { ChainGroup } from './chain-groups.ts';
import { decodeFlatCsv, type FlatCsvLine } from './decode-flat-csv.ts';
import { dropField } from './drop-unreadable.ts';
import { normaliseSymbol } from './normalise-symbol.ts';
import { OCC_TERMS_LENGTH, occRight, occStrike } from './occ-field.ts';
import { readOccExpiration } from './read-occ-expiration.ts';

const REQUIRED = ['underlying', 'optionroot', 'quotedate', 'strike', 'bid', 'ask'] as const;
const OPTIONAL = ['underlying_last', 'last', 'volume', 'openinterest', 'impliedvol', 'delta'] as const;
const NUMBERS = ['strike', 'bid', 'ask', 'last', 'volume', 'openinterest', 'impliedvol', 'delta', 'underlying_last'] as const;
type Line = FlatCsvLine<(typeof REQUIRED)[number] | (typeof OPTIONAL)[number]>;

/**
 * Reads end-of-day chains (`underlying,underlying_last,exchange,optionroot,…`), where optionroot is the full OCC symbol. The quotes are
 * taken to be of the close of the quote date, 16:00 New York (13:00 on short days): PM-settled contracts of that date are settled by then,
 * and dropped as expired. The files do not tell the minute: where they were taken earlier, near expirations come out with too much volatility, by half a percent of itself for each
 * hour at four days. Throws FeedMalformedError.
 * @param source what is read, for messages: a file name
 * @param only the chain to return, of several; all when not given
 */
export function decodeEndOfDayCsv(bytes: Uint8Array, source: string, only?: ChainSelection): ChainSnapshot[] {
  const layout = {
    required: REQUIRED,
    optional: OPTIONAL,
    numbers: NUMBERS,
    quotedAt: { column: 'quotedate', read: closeOfUsDate, expected: 'a date like 04/25/2019' },
    underlying: { column: 'underlying', read: normaliseSymbol },
    profile: usUnderlying,
    readExpiration: readOccExpiration,
    addLine,
    priceFields: 'bid, ask, last',
  } as const;
  return decodeFlatCsv(layout, bytes, source, only);
}

function addLine({ builder, expirationAt }: ChainGroup, { csv, bytes, columns, values }: Line): void {
  const start = csv.start(columns.optionroot);
  const end = csv.end(columns.optionroot);
  const right = occRight(bytes, end);
  const strike = occStrike(bytes, start, end);
  const expiration = right < 0 || Number.isNaN(strike) ? MALFORMED_DATE : expirationAt(start, end - OCC_TERMS_LENGTH);
  if (expiration === MALFORMED_DATE || values[0] !== strike) {
    const expected = expiration === MALFORMED_DATE ? 'an OCC symbol' : `a contract at the strike ${csv.text(columns.strike)} of its line`;
    dropField(builder.drop, csv, 'malformed-symbol', columns.optionroot, 'optionroot', expected);
    return;
  }
  const { record } = builder;
  record.strike = strike;
  record.bid = values[1]!;
  record.ask = values[2]!;
  record.last = values[3]!;
  record.volume = values[4]!;
  record.openInterest = values[5]!;
  record.impliedVolatility = values[6]!;
  record.delta = values[7]!;
  builder.setUnderlyingPrice(values[8]!);
  builder.add(expiration, right, csv.line());
}

/** Of a date as Americans write it, 04/25/2019. */
function closeOfUsDate(text: string): number {
  const match = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text);
  const day = match ? parseDate(`${match[3]}-${match[1]}-${match[2]}`) : null;
  return day === null ? Number.NaN : usCloseMs(day);
}
