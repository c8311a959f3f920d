import { expirationMoment } from '../calendar/expiration-moment.ts';
import { type ArrivedRows, arrangeRows, type KnownExpiration } from './arrange-rows.ts';
import { CALL, type ChainSnapshot, PUT, type RecordDrop, type RecordDropReason } from './chain-snapshot.ts';
import { blankQuoteRecord, clearQuoteRecord, type QuoteRecord } from './quote-record.ts';
import { clearSentinels, findQuoteFault, isSoundQuote } from './quote-rules.ts';
import { createRowColumns } from './row-columns.ts';
import { settlementOf } from './underlying-catalogue.ts';
import type { UnderlyingProfile } from './underlying-profile.ts';

export interface ChainBuilderOptions {
  readonly underlying: UnderlyingProfile;
  /** When the quotes were true, epoch milliseconds UTC: what expires at or before it is dropped. */
  readonly quotedAtMs: number;
  /** Anything that is not a positive number counts as unknown. */
  readonly underlyingPrice: number;
  /** Set when the source quotes in another currency and the original* fields of the record are filled. */
  readonly originalCurrency?: string;
  /** What is read, for the positions of drops: a file name or an address without secrets. */
  readonly source: string;
  /** What a position counts: `line` of a file, `record` (the default) of an answer. */
  readonly positionUnit?: string;
  /** Rows to make room for at first; it grows as needed. */
  readonly expectedRows?: number;
}

/**
 * Turns the records of any source into a ChainSnapshot: checks them, clears vendors' stand-ins for "unknown" (quote-rules.ts), counts what is left out, and puts
 * the rest into the documented order. Fill `record`, then call `add`: nothing is allocated per record.
 */
export interface ChainBuilder {
  /** The fields of the next `add`, all NaN to begin with and again after each `add`. */
  readonly record: QuoteRecord;
  /**
   * Number of the expiration (root and `YYYY-MM-DD`), to be passed to `add`. Looks up two strings: callers keep the last answer. Negative when the date is not one or the
   * root is not listed on this underlying; `add` then drops the record for that reason.
   */
  expiration(root: string, date: string): number;
  /** The forward the source states for an expiration; the first positive one is kept. */
  setVendorForward(expiration: number, forward: number): void;
  /**
   * Takes `record` as a row, or returns why it was left out.
   * @param right CALL or PUT
   * @param position where the record stands in the source, for the first drop of each reason
   */
  add(expiration: number, right: number, position: number): RecordDropReason | null;
  /** Counts a record that the caller could not read. `detail`: `field bid: expected a number, found "x"`. */
  drop(reason: RecordDropReason, position: number, detail: string): RecordDropReason;
  /** The snapshot; the builder is used up. Of contracts that came twice the first stays. */
  build(): ChainSnapshot;
}

const MALFORMED_DATE = -1;
/** Foreign root i is -2 - i, so that its drop can name it. */
const FIRST_FOREIGN_ROOT = -2;

export function createChainBuilder(options: ChainBuilderOptions): ChainBuilder {
  const { underlying, quotedAtMs, source, positionUnit = 'record' } = options;
  const record = blankQuoteRecord();
  const rows = createRowColumns(options.expectedRows ?? 1024, options.originalCurrency !== undefined);
  const expirations: KnownExpiration[] = [];
  const expirationNumbers = new Map<string, number>();
  const foreignRoots: string[] = [];
  const drops = new Map<RecordDropReason, { reason: RecordDropReason; count: number; firstAt: string }>();

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

  function setVendorForward(number: number, forward: number): void {
    const known = expirations[number];
    if (known && Number.isNaN(known.vendorForward) && forward > 0 && forward < Number.POSITIVE_INFINITY) known.vendorForward = forward;
  }

  function add(number: number, right: number, position: number): RecordDropReason | null {
    clearSentinels(record);
    let reason: RecordDropReason | null = null;
    if (number < 0 || (right !== CALL && right !== PUT)) reason = dropUnnamed(number, position);
    else if (!isSoundQuote(record)) reason = dropFaulty(position);
    else if (expirations[number]!.expiresAtMs <= quotedAtMs) reason = dropExpired(expirations[number]!, position);
    else rows.push(record, number, right, position);
    clearQuoteRecord(record);
    return reason;
  }

  function drop(reason: RecordDropReason, position: number, detail: string): RecordDropReason {
    const known = drops.get(reason);
    if (known) known.count += 1;
    else drops.set(reason, { reason, count: 1, firstAt: `${source}, ${positionUnit} ${position}, ${detail}` });
    return reason;
  }

  function dropUnnamed(number: number, position: number): RecordDropReason {
    if (number > FIRST_FOREIGN_ROOT) return drop('malformed-symbol', position, 'expected an expiration date and a call or a put');
    return drop(
      'foreign-underlying',
      position,
      `expected a contract on ${underlying.symbol}, found the root ${foreignRoots[FIRST_FOREIGN_ROOT - number]}`,
    );
  }

  function dropFaulty(position: number): RecordDropReason {
    const { reason, field, expected } = findQuoteFault(record);
    return drop(reason, position, `field ${field}: expected ${expected}, found ${record[field]}`);
  }

  function dropExpired({ root, date, expiresAtMs }: KnownExpiration, position: number): RecordDropReason {
    const known = drops.get('expired');
    if (known) known.count += 1;
    else {
      const [expiry, quote] = [new Date(expiresAtMs).toISOString(), new Date(quotedAtMs).toISOString()];
      drop('expired', position, `expected an expiration after the quote of ${quote}, found ${root} ${date} (${expiry})`);
    }
    return 'expired';
  }

  function build(): ChainSnapshot {
    const arrived: ArrivedRows = rows.take();
    const { size, slices, quotes } = arrangeRows(arrived, expirations, options.originalCurrency, (position) =>
      drop('duplicate-contract', position, 'expected each contract once, found one again'),
    );
    const price = options.underlyingPrice;
    return {
      underlying,
      underlyingPrice: price > 0 && price < Number.POSITIVE_INFINITY ? price : Number.NaN,
      quotedAtMs,
      size,
      expirations: slices,
      quotes,
      drops: [...drops.values()] satisfies RecordDrop[],
    };
  }

  return { record, expiration, setVendorForward, add, drop, build };
}
