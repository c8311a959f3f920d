import { expirationMoment } from '../calendar/expiration-moment.ts';
import { arrangeRows, type KnownExpiration } from './arrange-rows.ts';
import { CALL, type ChainSnapshot, PUT, type RecordDropReason } from './chain-snapshot.ts';
import { createDropTally } from './drop-tally.ts';
import { BLOCK_NUMBERS, BLOCK_WIDTH, type QuoteBlock } from './quote-block.ts';
import { blankQuoteRecord, clearQuoteRecord, type QuoteRecord } from './quote-record.ts';
import { clearSentinels, findQuoteFault, isSoundQuote } from './quote-rules.ts';
import { clearRows, createRowStore, pushRow, pushSoundRows, type RowStore } from './row-store.ts';
import { settlementOf } from './underlying-catalogue.ts';
import type { UnderlyingProfile } from './underlying-profile.ts';

export interface ChainBuilderOptions {
  readonly underlying: UnderlyingProfile;
  /** When the quotes were true, epoch milliseconds UTC: what expires at or before it is dropped. */
  readonly quotedAtMs: number;
  /** NaN, or anything else that is not a positive number: unknown. */
  readonly underlyingPrice: number;
  /** Set when the source quotes in another currency and the original* fields of the record are filled. */
  readonly originalCurrency?: string;
  /** What is read, for the positions of drops: a file name or an address without secrets. */
  readonly source: string;
  /** What a position counts: `line` of a file, `record` (the default) of an answer. */
  readonly positionUnit?: string;
  /** Rows to make room for at first; it grows as needed. */
  readonly expectedRows?: number;
  /**
   * Memory to collect the rows in, of nobody else until the chain is built; what is in it is forgotten. For readers of chain after chain, who would leave megabytes of
   * garbage behind each. Not used together with originalCurrency.
   */
  readonly rows?: RowStore;
}

/**
 * Turns the records of any source into a ChainSnapshot: checks them, clears vendors' stand-ins for "unknown" (quote-rules.ts), counts what
 * is left out, and puts the rest into the documented order. Fill `record`, then call `add`: nothing is allocated per record.
 */
export interface ChainBuilder {
  /** The fields of the next `add`, all NaN to begin with and again after each `add`. */
  readonly record: QuoteRecord;
  /**
   * Number of the expiration (root and `YYYY-MM-DD`), to be passed to `add`. Looks up two strings: callers keep the last answer.
   * MALFORMED_DATE or another negative number when the date is not one or the root is not listed on this underlying; `add` then drops the
   * record for that reason.
   */
  expiration(root: string, date: string): number;
  /**
   * The forward the source states for an expiration. The first positive one is kept; returns the one that is kept, NaN as long as there is
   * none.
   */
  setVendorForward(expiration: number, forward: number): number;
  /** For sources that tell the price of the underlying with or after its quotes: the last positive one counts. */
  setUnderlyingPrice(price: number): void;
  /**
   * Takes `record` as a row, or returns why it was left out.
   * @param right CALL or PUT
   * @param position where the record stands in the source, for the first drop of each reason
   */
  add(expiration: number, right: number, position: number): RecordDropReason | null;
  /** `add` for every row of a block, which is empty afterwards: for sources of tens of thousands of records. */
  addBlock(block: QuoteBlock): void;
  /** Counts a record that the caller could not read, and clears `record`. `detail`: `field bid: expected a number, found "x"`. */
  drop(reason: RecordDropReason, position: number, detail: string): RecordDropReason;
  /** The snapshot; the builder is used up. Of contracts that came twice the first stays. */
  build(): ChainSnapshot;
}

/** What `expiration` answers when the date is not one. */
export const MALFORMED_DATE = -1;
/** Foreign root i is -2 - i, so that its drop can name it. */
const FIRST_FOREIGN_ROOT = -2;

export function createChainBuilder(options: ChainBuilderOptions): ChainBuilder {
  const { underlying, quotedAtMs } = options;
  const record = blankQuoteRecord();
  const rows = takeRows(options);
  const expirations: KnownExpiration[] = [];
  const expirationNumbers = new Map<string, number>();
  const foreignRoots: string[] = [];
  let underlyingPrice = positiveOrNaN(options.underlyingPrice);
  const tally = createDropTally(options.source, options.positionUnit ?? 'record');

  function expiration(root: string, date: string): number {
    const key = `${root} ${date}`;
    const known = expirationNumbers.get(key);
    if (known !== undefined) return known;
    const number = internExpiration(root, date);
    expirationNumbers.set(key, number);
    return number;
  }

  function internExpiration(root: string, date: string): number {
    const settlement = settlementOf(underlying, root);
    if (settlement === null) return FIRST_FOREIGN_ROOT + 1 - foreignRoots.push(root);
    const expiresAtMs = expirationMoment(date, settlement);
    if (Number.isNaN(expiresAtMs)) return MALFORMED_DATE;
    return expirations.push({ root, date, expiresAtMs, vendorForward: Number.NaN }) - 1;
  }

  function setVendorForward(number: number, forward: number): number {
    const known = expirations[number];
    if (!known) return Number.NaN;
    if (Number.isNaN(known.vendorForward)) known.vendorForward = positiveOrNaN(forward);
    return known.vendorForward;
  }

  function setUnderlyingPrice(price: number): void {
    if (price > 0) underlyingPrice = positiveOrNaN(price);
  }

  function add(number: number, right: number, position: number): RecordDropReason | null {
    clearSentinels(record);
    let reason: RecordDropReason | null = null;
    if (number < 0 || (right !== CALL && right !== PUT)) reason = dropUnnamed(number, position);
    else if (!isSoundQuote(record)) reason = dropFaulty(position);
    else if (expirations[number]!.expiresAtMs <= quotedAtMs) reason = dropExpired(number, position);
    else pushRow(rows, record, number, right, position);
    clearQuoteRecord(record);
    return reason;
  }

  function addBlock(block: QuoteBlock): void {
    for (let row = 0; ; row++) {
      row = pushSoundRows(rows, block, row, expirations, quotedAtMs);
      if (row === block.size) break;
      for (const [place, field] of BLOCK_NUMBERS.entries()) record[field] = block.numbers[row * BLOCK_WIDTH + place]!;
      add(block.expiration[row]!, block.right[row]!, block.position[row]!);
    }
    block.size = 0;
  }

  function drop(reason: RecordDropReason, position: number, detail: string): RecordDropReason {
    clearQuoteRecord(record);
    return tally.count(reason, position, detail);
  }

  function dropUnnamed(number: number, position: number): RecordDropReason {
    if (number > FIRST_FOREIGN_ROOT) return tally.count('malformed-symbol', position, 'expected an expiration date and a call or a put');
    const root = foreignRoots[FIRST_FOREIGN_ROOT - number];
    return tally.count('foreign-underlying', position, `expected a contract on ${underlying.symbol}, found the root ${root}`);
  }

  function dropFaulty(position: number): RecordDropReason {
    const { reason, field, expected } = findQuoteFault(record);
    return tally.count(reason, position, `field ${field}: expected ${expected}, found ${record[field]}`);
  }

  // Apart from add, where the closure would cost every record a context.
  function dropExpired(number: number, position: number): RecordDropReason {
    return tally.count('expired', position, () => describeExpired(expirations[number]!, quotedAtMs));
  }

  function build(): ChainSnapshot {
    const { size, slices, quotes } = arrangeRows(rows, expirations, options.originalCurrency, (position) =>
      tally.count('duplicate-contract', position, 'expected each contract once, found one again'),
    );
    return { underlying, underlyingPrice, quotedAtMs, size, expirations: slices, quotes, drops: tally.list() };
  }

  return { record, expiration, setVendorForward, setUnderlyingPrice, add, addBlock, drop, build };
}

function takeRows({ rows, expectedRows = 1024, originalCurrency }: ChainBuilderOptions): RowStore {
  if (rows === undefined || originalCurrency !== undefined) return createRowStore(expectedRows, originalCurrency !== undefined);
  clearRows(rows);
  return rows;
}

function describeExpired({ root, date, expiresAtMs }: KnownExpiration, quotedAtMs: number): string {
  const [expiration, quote] = [new Date(expiresAtMs).toISOString(), new Date(quotedAtMs).toISOString()];
  return `expected an expiration after the quote of ${quote}, found ${root} ${date} (${expiration})`;
}

function positiveOrNaN(value: number): number {
  return value > 0 && value < Number.POSITIVE_INFINITY ? value : Number.NaN;
}
