import type { KnownExpiration } from './arrange-rows.ts';
import { BLOCK_WIDTH, type QuoteBlock } from './quote-block.ts';
import type { QuoteRecord } from './quote-record.ts';
import { areSoundNumbers, clearNumberSentinels } from './quote-rules.ts';

/**
 * Rows in the order they arrive; grows by doubling. What works on it are functions of this module and not closures of each store: the engine forgets the compiled
 * code of closures that are gone, and would compile it anew for every other chain.
 */
export interface RowStore {
  size: number;
  capacity: number;
  /** Values per row. */
  readonly width: number;
  /** Index into the known expirations. */
  expiration: Int32Array;
  right: Uint8Array;
  position: Float64Array;
  /** Row after row: strike first, then the others in the order of QuoteColumns. */
  values: Float64Array;
}

/** Columns of a row, and those of the source's numbers before conversion behind them. */
const COLUMNS = 11;
const ORIGINAL_COLUMNS = 3;

export function createRowStore(expectedRows: number, hasOriginal: boolean): RowStore {
  const width = hasOriginal ? COLUMNS + ORIGINAL_COLUMNS : COLUMNS;
  const capacity = Math.max(16, expectedRows);
  return {
    size: 0,
    capacity,
    width,
    expiration: new Int32Array(capacity),
    right: new Uint8Array(capacity),
    position: new Float64Array(capacity),
    values: new Float64Array(capacity * width),
  };
}

export function pushRow(store: RowStore, record: QuoteRecord, expiration: number, right: number, position: number): void {
  const at = beginRow(store, expiration, right, position);
  const { values } = store;
  values[at] = record.strike;
  values[at + 1] = record.bid;
  values[at + 2] = record.ask;
  values[at + 3] = record.bidSize;
  values[at + 4] = record.askSize;
  values[at + 5] = record.last;
  values[at + 6] = record.volume;
  values[at + 7] = record.openInterest;
  values[at + 8] = record.mark;
  values[at + 9] = record.impliedVolatility;
  values[at + 10] = record.delta;
  if (store.width === COLUMNS) return;
  values[at + 11] = record.originalBid;
  values[at + 12] = record.originalAsk;
  values[at + 13] = record.originalMark;
}

/**
 * Pushes the rows of the block from `from` on, as far as they are sound and expire after the quote; stand-ins for "unknown" are cleared in the block.
 * @returns the first that is not; the size of the block when there is none
 */
export function pushSoundRows(
  store: RowStore,
  block: QuoteBlock,
  from: number,
  expirations: readonly KnownExpiration[],
  quotedAtMs: number,
): number {
  const { size, numbers, expiration, right, position } = block;
  let row = from;
  for (; row < size; row++) {
    const first = row * BLOCK_WIDTH;
    const number = expiration[row]!;
    clearNumberSentinels(numbers, first);
    if (number < 0 || !areSoundNumbers(numbers, first) || !(expirations[number]!.expiresAtMs > quotedAtMs)) break;
    pushNumbers(store, numbers, first, beginRow(store, number, right[row]!, position[row]!));
  }
  return row;
}

function pushNumbers({ values, width }: RowStore, numbers: Float64Array, first: number, at: number): void {
  values[at] = numbers[first]!;
  values[at + 1] = numbers[first + 2]!;
  values[at + 2] = numbers[first + 3]!;
  values[at + 3] = Number.NaN;
  values[at + 4] = Number.NaN;
  values[at + 5] = numbers[first + 1]!;
  values[at + 6] = numbers[first + 4]!;
  values[at + 7] = numbers[first + 7]!;
  values[at + 8] = Number.NaN;
  values[at + 9] = numbers[first + 5]!;
  values[at + 10] = numbers[first + 6]!;
  if (width > COLUMNS) values.fill(Number.NaN, at + COLUMNS, at + width);
}

/** Makes room for a row and returns where its values begin. */
function beginRow(store: RowStore, expiration: number, right: number, position: number): number {
  if (store.size === store.capacity) grow(store);
  const row = store.size++;
  store.expiration[row] = expiration;
  store.right[row] = right;
  store.position[row] = position;
  return row * store.width;
}

function grow(store: RowStore): void {
  const { expiration, right, position, values, width } = store;
  const capacity = store.capacity * 2;
  store.capacity = capacity;
  store.expiration = new Int32Array(capacity);
  store.expiration.set(expiration);
  store.right = new Uint8Array(capacity);
  store.right.set(right);
  store.position = new Float64Array(capacity);
  store.position.set(position);
  store.values = new Float64Array(capacity * width);
  store.values.set(values);
}
