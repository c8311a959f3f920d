import type { ArrivedRows } from './arrange-rows.ts';
import type { QuoteRecord } from './quote-record.ts';

/** Rows in the order they arrive; grows by doubling. */
export interface RowColumns {
  push(record: QuoteRecord, expiration: number, right: number, position: number): void;
  /** What was pushed. The arrays may be longer than `size`. */
  take(): ArrivedRows;
}

export function createRowColumns(expectedRows: number, hasOriginal: boolean): RowColumns {
  let capacity = Math.max(16, expectedRows);
  let rows = allocate(capacity, hasOriginal);

  function grow(): void {
    const larger = allocate(capacity * 2, hasOriginal);
    larger.size = rows.size;
    larger.expiration.set(rows.expiration);
    larger.right.set(rows.right);
    larger.position.set(rows.position);
    for (let i = 0; i < rows.values.length; i++) larger.values[i]!.set(rows.values[i]!);
    capacity *= 2;
    rows = larger;
  }

  function push(record: QuoteRecord, expiration: number, right: number, position: number): void {
    if (rows.size === capacity) grow();
    const i = rows.size;
    rows.size = i + 1;
    rows.expiration[i] = expiration;
    rows.right[i] = right;
    rows.position[i] = position;
    const { values } = rows;
    values[0]![i] = record.strike;
    values[1]![i] = record.bid;
    values[2]![i] = record.ask;
    values[3]![i] = record.bidSize;
    values[4]![i] = record.askSize;
    values[5]![i] = record.last;
    values[6]![i] = record.volume;
    values[7]![i] = record.openInterest;
    values[8]![i] = record.mark;
    values[9]![i] = record.impliedVolatility;
    values[10]![i] = record.delta;
    if (!hasOriginal) return;
    values[11]![i] = record.originalBid;
    values[12]![i] = record.originalAsk;
    values[13]![i] = record.originalMark;
  }

  return { push, take: () => rows };
}

function allocate(capacity: number, hasOriginal: boolean): { -readonly [K in keyof ArrivedRows]: ArrivedRows[K] } {
  return {
    size: 0,
    expiration: new Int32Array(capacity),
    right: new Uint8Array(capacity),
    position: new Float64Array(capacity),
    values: Array.from({ length: hasOriginal ? 14 : 11 }, () => new Float64Array(capacity)),
  };
}
