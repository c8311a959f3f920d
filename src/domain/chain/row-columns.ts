import type { ArrivedRows } from './arrange-rows.ts';
import type { QuoteRecord } from './quote-record.ts';

/** Rows in the order they arrive; grows by doubling. */
export interface RowColumns {
  push(record: QuoteRecord, expiration: number, right: number, position: number): void;
  /** Of the numbers in the order of STATED_NUMBERS from `numbers[first]` on; the others of the row are unknown. */
  pushNumbers(numbers: Float64Array, first: number, expiration: number, right: number, position: number): void;
  /** What was pushed. The arrays may be longer than `size`. */
  take(): ArrivedRows;
}

/** Columns of a row, and those of the source's numbers before conversion behind them. */
const COLUMNS = 11;
const ORIGINAL_COLUMNS = 3;

export function createRowColumns(expectedRows: number, hasOriginal: boolean): RowColumns {
  const width = hasOriginal ? COLUMNS + ORIGINAL_COLUMNS : COLUMNS;
  let capacity = Math.max(16, expectedRows);
  let size = 0;
  let expirations = new Int32Array(capacity);
  let rights = new Uint8Array(capacity);
  let positions = new Float64Array(capacity);
  let values = new Float64Array(capacity * width);

  function grow(): void {
    capacity *= 2;
    const [oldExpirations, oldRights, oldPositions, oldValues] = [expirations, rights, positions, values];
    expirations = new Int32Array(capacity);
    expirations.set(oldExpirations);
    rights = new Uint8Array(capacity);
    rights.set(oldRights);
    positions = new Float64Array(capacity);
    positions.set(oldPositions);
    values = new Float64Array(capacity * width);
    values.set(oldValues);
  }

  /** Where the values of the new row begin. */
  function begin(expiration: number, right: number, position: number): number {
    if (size === capacity) grow();
    expirations[size] = expiration;
    rights[size] = right;
    positions[size] = position;
    return size++ * width;
  }

  return {
    push(record, expiration, right, position) {
      const at = begin(expiration, right, position);
      const row = values;
      row[at] = record.strike;
      row[at + 1] = record.bid;
      row[at + 2] = record.ask;
      row[at + 3] = record.bidSize;
      row[at + 4] = record.askSize;
      row[at + 5] = record.last;
      row[at + 6] = record.volume;
      row[at + 7] = record.openInterest;
      row[at + 8] = record.mark;
      row[at + 9] = record.impliedVolatility;
      row[at + 10] = record.delta;
      if (!hasOriginal) return;
      row[at + 11] = record.originalBid;
      row[at + 12] = record.originalAsk;
      row[at + 13] = record.originalMark;
    },
    pushNumbers(numbers, first, expiration, right, position) {
      const at = begin(expiration, right, position);
      const row = values;
      row[at] = numbers[first]!;
      row[at + 1] = numbers[first + 2]!;
      row[at + 2] = numbers[first + 3]!;
      row[at + 3] = Number.NaN;
      row[at + 4] = Number.NaN;
      row[at + 5] = numbers[first + 1]!;
      row[at + 6] = numbers[first + 4]!;
      row[at + 7] = numbers[first + 7]!;
      row[at + 8] = Number.NaN;
      row[at + 9] = numbers[first + 5]!;
      row[at + 10] = numbers[first + 6]!;
      if (hasOriginal) row.fill(Number.NaN, at + COLUMNS, at + width);
    },
    take: () => ({ size, expiration: expirations, right: rights, position: positions, width, values }),
  };
}
