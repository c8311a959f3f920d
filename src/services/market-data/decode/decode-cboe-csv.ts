import { type ChainBuilder, createChainBuilder, MALFORMED_DATE } from '../../../domain/chain/chain-builder.ts';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import { parseOccSymbol } from '../../../domain/chain/occ-symbol.ts';
import { underlyingOfRoot, usUnderlying } from '../../../domain/chain/underlying-catalogue.ts';
import { readCboeCsvPreamble } from './cboe-csv-preamble.ts';
import { type CsvReader, createCsvReader } from './csv-reader.ts';
import { dropField, dropShort } from './drop-unreadable.ts';
import { createFieldInterner, type FieldInterner } from './field-interner.ts';
import { malformedFile, quoteFound } from './malformed-file.ts';
import { OCC_TERMS_LENGTH, occRight, occStrike } from './occ-field.ts';
import { readOccExpiration } from './read-occ-expiration.ts';
import { requireUsable } from './require-usable.ts';

const SIDE_HEADER = ['Last Sale', 'Net', 'Bid', 'Ask', 'Volume', 'IV', 'Delta', 'Gamma', 'Open Interest'];
/** Both sides carry the same names, so that fields are read by position. */
const HEADER = ['Expiration Date', 'Calls', ...SIDE_HEADER, 'Strike', 'Puts', ...SIDE_HEADER];
const CALLS = 1;
const STRIKE = 11;
const PUTS = 12;
/** Strike, and of one side: last, bid, ask, volume, volatility, delta and open interest. */
const CALL_NUMBERS = Int32Array.of(STRIKE, CALLS + 1, CALLS + 3, CALLS + 4, CALLS + 5, CALLS + 6, CALLS + 7, CALLS + 9);
const PUT_NUMBERS = Int32Array.of(STRIKE, PUTS + 1, PUTS + 3, PUTS + 4, PUTS + 5, PUTS + 6, PUTS + 7, PUTS + 9);

/**
 * Reads the quote table one downloads from Cboe: some lines about the underlying, then per line one strike with its call and its put. The
 * underlying is told by the root of the first contract: SPXW belongs to SPX. Throws FeedMalformedError.
 * @param source what is read, for messages: a file name
 */
export function decodeCboeCsv(bytes: Uint8Array, source: string): ChainSnapshot {
  const csv = createCsvReader(bytes);
  const { quotedAtMs, underlyingPrice } = readCboeCsvPreamble(csv, source, HEADER);
  const builder = createChainBuilder({
    underlying: usUnderlying(readUnderlying(bytes, source)),
    quotedAtMs,
    underlyingPrice,
    source,
    positionUnit: 'line',
    // A line has about 130 bytes and two contracts.
    expectedRows: Math.min(32_768, bytes.length >> 6),
  });
  const expirationAt = createFieldInterner(bytes, (text) => readOccExpiration(builder, text));
  const values = new Float64Array(CALL_NUMBERS.length);
  while (csv.next()) {
    if (csv.fieldCount() < HEADER.length) {
      dropShort(builder.drop, csv, HEADER.length);
      continue;
    }
    const callFault = csv.numbers(CALL_NUMBERS, values);
    addSide(builder, expirationAt, csv, bytes, CALLS, values, callFault);
    const putFault = csv.numbers(PUT_NUMBERS, values);
    addSide(builder, expirationAt, csv, bytes, PUTS, values, putFault);
  }
  return requireUsable([builder.build()], source, 'Bid, Ask, Last Sale')[0]!;
}

/** The table names its underlying in words only, so that it is found by the first contract. */
function readUnderlying(bytes: Uint8Array, source: string): string {
  const csv = createCsvReader(bytes);
  readCboeCsvPreamble(csv, source, HEADER);
  const firstLine = csv.line() + 1;
  let found = 'no line';
  while (csv.next()) {
    const text = csv.text(CALLS);
    const contract = parseOccSymbol(text);
    if (contract) return underlyingOfRoot(contract.root);
    found = `none, but ${quoteFound(text)}`;
  }
  throw malformedFile(source, `from line ${firstLine}, field Calls`, 'an OCC symbol', found);
}

/** @param fault field of the side that should be a number and is not, or -1 */
function addSide(
  builder: ChainBuilder,
  expirationAt: FieldInterner<number>,
  csv: CsvReader,
  bytes: Uint8Array,
  symbol: number,
  values: Float64Array,
  fault: number,
): void {
  const end = csv.end(symbol);
  const right = occRight(bytes, end);
  const strike = occStrike(bytes, csv.start(symbol), end);
  const expiration = right < 0 || Number.isNaN(strike) ? MALFORMED_DATE : expirationAt(csv.start(symbol), end - OCC_TERMS_LENGTH);
  if (expiration === MALFORMED_DATE || strike !== values[0]) {
    const expected = expiration === MALFORMED_DATE ? 'an OCC symbol' : `a contract at the strike ${csv.text(STRIKE)} of its line`;
    dropField(builder.drop, csv, 'malformed-symbol', symbol, HEADER[symbol]!, expected);
    return;
  }
  if (fault >= 0) {
    dropField(builder.drop, csv, 'malformed-number', fault, HEADER[fault]!, 'a number');
    return;
  }
  const { record } = builder;
  record.strike = strike;
  record.last = values[1]!;
  record.bid = values[2]!;
  record.ask = values[3]!;
  record.volume = values[4]!;
  record.impliedVolatility = values[5]!;
  record.delta = values[6]!;
  record.openInterest = values[7]!;
  builder.add(expiration, right, csv.line());
}
