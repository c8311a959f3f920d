import { type ChainBuilder, createChainBuilder, MALFORMED_DATE } from '../../../domain/chain/chain-builder.ts';
import type { ChainSnapshot } from '../../../domain/chain/chain-snapshot.ts';
import { parseOccSymbol } from '../../../domain/chain/occ-symbol.ts';
import { BLOCK_WIDTH, createQuoteBlock, type QuoteBlock } from '../../../domain/chain/quote-block.ts';
import type { RowStore } from '../../../domain/chain/row-store.ts';
import { underlyingOfRoot, usUnderlying } from '../../../domain/chain/underlying-catalogue.ts';
import { readCboeCsvPreamble } from './cboe-csv-preamble.ts';
import { CBOE_SIDE_FIELDS, type CboeLines, createCboeLines, learnCboeSeries, scanCboeLines } from './cboe-line-scanner.ts';
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
const CALL_NUMBERS = numberFields(CALLS);
const PUT_NUMBERS = numberFields(PUTS);
/** A block stays within the first-level cache. */
const BLOCK_ROWS = 256;
const COMMA = 44;
const LINE_FEED = 10;

/**
 * Reads the quote table one downloads from Cboe: some lines about the underlying, then per line one strike with its call and its put. The
 * underlying is told by the root of the first contract: SPXW belongs to SPX. Throws FeedMalformedError.
 * @param source what is read, for messages: a file name
 * @param rows memory to work in, for callers who decode file after file (see ChainBuilderOptions)
 */
export function decodeCboeCsv(bytes: Uint8Array, source: string, rows?: RowStore): ChainSnapshot {
  const csv = createCsvReader(bytes);
  const { quotedAtMs, underlyingPrice } = readCboeCsvPreamble(csv, source, HEADER);
  const builder = createChainBuilder({
    underlying: usUnderlying(readUnderlying(bytes, source, csv)),
    quotedAtMs,
    underlyingPrice,
    source,
    positionUnit: 'line',
    // A line has about 130 bytes and two contracts.
    expectedRows: Math.min(32_768, bytes.length >> 6),
    ...(rows && { rows }),
  });
  const expirationAt = createFieldInterner(bytes, (text) => readOccExpiration(builder, text));
  const values = new Float64Array(BLOCK_WIDTH);
  const block = createQuoteBlock(BLOCK_ROWS);
  const lines = createCboeLines(bytes);
  for (;;) {
    const end = scanCboeLines(lines, csv.position(), csv.line() + 1, block);
    csv.pass(block.size / 2, end);
    const isFull = block.size === block.capacity;
    builder.addBlock(block);
    if (isFull) continue;
    if (!csv.next()) break;
    if (csv.fieldCount() < HEADER.length) {
      dropShort(builder.drop, csv, HEADER.length);
      continue;
    }
    const callFault = csv.numbers(CALL_NUMBERS, values);
    addSide(builder, block, expirationAt, csv, bytes, CALLS, values, callFault);
    const putFault = csv.numbers(PUT_NUMBERS, values);
    addSide(builder, block, expirationAt, csv, bytes, PUTS, values, putFault);
    learnSeries(lines, expirationAt, csv, bytes);
  }
  return requireUsable([builder.build()], source, 'Bid, Ask, Last Sale')[0]!;
}

/**
 * The table names its underlying in words only, so that it is found by the first contract.
 * @param table stands before its first line, and stays there
 */
function readUnderlying(bytes: Uint8Array, source: string, table: CsvReader): string {
  const csv = createCsvReader(bytes);
  csv.pass(table.line(), table.position());
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
  block: QuoteBlock,
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
  block.numbers.set(values);
  block.expiration[0] = expiration;
  block.right[0] = right;
  block.position[0] = csv.line();
  block.size = 1;
  builder.addBlock(block);
}

/** Lets the scanner read the lines that begin as the current one does. */
function learnSeries(lines: CboeLines, expirationAt: FieldInterner<number>, csv: CsvReader, bytes: Uint8Array): void {
  const lineStart = csv.start(0);
  const seriesStart = csv.start(CALLS);
  const seriesEnd = csv.end(CALLS) - OCC_TERMS_LENGTH;
  const isQuoted = bytes[lineStart - 1] !== LINE_FEED || bytes[seriesStart - 1] !== COMMA;
  if (isQuoted || seriesEnd <= seriesStart) return;
  const expiration = expirationAt(seriesStart, seriesEnd);
  if (expiration !== MALFORMED_DATE) learnCboeSeries(lines, lineStart, seriesStart, seriesEnd, expiration);
}

/** The fields of a side's numbers, the strike before them. */
function numberFields(symbol: number): Int32Array {
  return Int32Array.of(STRIKE, ...CBOE_SIDE_FIELDS.map((field) => symbol + field));
}
