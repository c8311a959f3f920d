import { usCloseMs } from '../../../domain/calendar/expiration-moment.ts';
import { type ChainBuilder, createChainBuilder, MALFORMED_DATE } from '../../../domain/chain/chain-builder.ts';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import { usUnderlying } from '../../../domain/chain/underlying-catalogue.ts';
import { type CsvReader, createCsvReader } from './csv-reader.ts';
import { dropField, dropShort } from './drop-unreadable.ts';
import { createFieldInterner, type FieldInterner } from './field-interner.ts';
import { fileNameTerms } from './file-name-terms.ts';
import { readCompactExpiration } from './read-compact-expiration.ts';
import { readHeader } from './read-header.ts';
import { requireUsable } from './require-usable.ts';
import { rightAt } from './right-field.ts';

const COLUMNS = ['#expiry', 'strike', 'right', 'close', 'volume', 'open_interest', 'implied_volatility', 'delta'] as const;
const NUMBERS = ['strike', 'close', 'volume', 'open_interest', 'implied_volatility', 'delta'] as const;
type Columns = Readonly<Record<(typeof COLUMNS)[number], number>>;

/**
 * Reads a universe file of QuantConnect's Lean: the end of one day, underlying and date in the file's name, the underlying itself on the
 * first line without expiration and strike. `close` is the middle of the last quote and becomes the vendor's mark; bid and ask are not in
 * the file. A file that is all zeros is refused. Throws FeedMalformedError.
 * @param source what is read: a file name, which says symbol and date (goog_20151224.csv)
 */
export function decodeLeanUniverseCsv(bytes: Uint8Array, source: string): ChainSnapshot {
  const { symbol, day } = fileNameTerms(source);
  const csv = createCsvReader(bytes);
  const columns = readHeader(csv, source, COLUMNS);
  const fieldsNeeded = Math.max(...Object.values(columns)) + 1;
  const builder = createChainBuilder({
    underlying: usUnderlying(symbol),
    quotedAtMs: usCloseMs(day),
    underlyingPrice: Number.NaN,
    source,
    positionUnit: 'line',
    expectedRows: Math.min(32_768, bytes.length >> 6),
  });
  const expirationAt = createFieldInterner(bytes, (text) => readCompactExpiration(builder, text, symbol));
  const numberFields = Int32Array.from(NUMBERS, (name) => columns[name]);
  const values = new Float64Array(NUMBERS.length);
  while (csv.next()) {
    const fault = csv.numbers(numberFields, values);
    if (csv.fieldCount() < fieldsNeeded) dropShort(builder.drop, csv, fieldsNeeded);
    else if (fault >= 0) dropField(builder.drop, csv, 'malformed-number', fault, NUMBERS[numberFields.indexOf(fault)]!, 'a number');
    else if (csv.text(columns['#expiry']) === '' && csv.text(columns.strike) === '') builder.setUnderlyingPrice(values[1]!);
    else addLine(builder, expirationAt, csv, bytes, columns, values);
  }
  return requireUsable([builder.build()], source, 'close')[0]!;
}

function addLine(
  builder: ChainBuilder,
  expirationAt: FieldInterner<number>,
  csv: CsvReader,
  bytes: Uint8Array,
  columns: Columns,
  values: Float64Array,
): void {
  const expiration = expirationAt(csv.start(columns['#expiry']), csv.end(columns['#expiry']));
  const right = rightAt(bytes, csv.start(columns.right), csv.end(columns.right));
  if (expiration === MALFORMED_DATE || right < 0) {
    if (right < 0) dropField(builder.drop, csv, 'malformed-symbol', columns.right, 'right', 'C or P');
    else dropField(builder.drop, csv, 'malformed-symbol', columns['#expiry'], 'expiry', 'a date like 20151224');
    return;
  }
  const { record } = builder;
  record.strike = values[0]!;
  record.mark = values[1]!;
  record.volume = values[2]!;
  record.openInterest = values[3]!;
  record.impliedVolatility = values[4]!;
  record.delta = values[5]!;
  builder.add(expiration, right, csv.line());
}
