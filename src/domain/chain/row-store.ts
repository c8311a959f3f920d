import type { KnownExpiration } from './arrange-rows.ts';
import { BLOCK_WIDTH, type QuoteBlock } from './quote-block.ts';
import type { QuoteRecord } from './quote-record.ts';
import { areSoundNumbers, knownCount, knownDelta, knownPrice, knownVolatility } from './quote-rules.ts';

/** The numbers of a row, in the order of their columns in a RowStore. */
export const ROW_NUMBERS = [
  'strike',
  'bid',
  'ask',
  'last',
  'volume',
  'openInterest',
  'impliedVolatility',
  'delta',
  'bidSize',
  'askSize',
  'mark',
  'originalBid',
  'originalAsk',
  'originalMark',
] as const satisfies readonly (keyof QuoteRecord)[];
/** Columns that a block fills: those before bidSize. */
export const BLOCK_COLUMNS = 8;
const COLUMNS = 11;
const COLUMNS_WITH_ORIGINAL = 14;

/**
 * Rows in the order they arrive; grows by doubling. What works on it are functions of this module and not closures of each store: the engine forgets the compiled
 * code of closures that are gone, and would compile it anew for every other chain.
 */
export interface RowStore {
  size: number;
  capacity: number;
  /** Whether any row of this chain says more than a block does; if not, nothing but the first BLOCK_COLUMNS has been written. */
  isWide: boolean;
  /** Twice the index into the known expirations, and CALL or PUT added. */
  series: Int32Array;
  position: Float64Array;
  /** By place in ROW_NUMBERS; those before conversion only where the source quotes in another currency. */
  columns: readonly Float64Array[];
}

export function createRowStore(expectedRows: number, hasOriginal: boolean): RowStore {
  const capacity = Math.max(16, expectedRows);
  return {
    size: 0,
    capacity,
    isWide: false,
    series: new Int32Array(capacity),
    position: new Float64Array(capacity),
    columns: createColumns(capacity, hasOriginal ? COLUMNS_WITH_ORIGINAL : COLUMNS),
  };
}

/** Forgets the rows. */
export function clearRows(store: RowStore): void {
  store.size = 0;
  store.isWide = false;
}

export function pushRow(store: RowStore, record: QuoteRecord, expiration: number, right: number, position: number): void {
  if (store.size === store.capacity) grow(store, store.size + 1);
  if (!store.isWide) widen(store);
  const { columns } = store;
  const row = store.size++;
  store.series[row] = expiration * 2 + right;
  store.position[row] = position;
  for (let place = 0; place < columns.length; place++) columns[place]![row] = record[ROW_NUMBERS[place]!];
}

/**
 * Pushes the rows of the block from `from` on, as far as they are sound and expire after the quote, without the stand-ins for "unknown".
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
  if (store.size + size - from > store.capacity) grow(store, store.size + size - from);
  const { series, position: positionTo, columns } = store;
  const [strikes, bids, asks, lasts, volumes, openInterests, volatilities, deltas] = columns as BlockColumns;
  let to = store.size;
  let row = from;
  // Neighbours mostly expire together.
  let current = -1;
  for (; row < size; row++, to++) {
    const first = row * BLOCK_WIDTH;
    const number = expiration[row]!;
    if (number < 0) break;
    if (number !== current) {
      if (!(expirations[number]!.expiresAtMs > quotedAtMs)) break;
      current = number;
    }
    const strike = numbers[first]!;
    const last = knownPrice(numbers[first + 1]!);
    const bid = knownPrice(numbers[first + 2]!);
    const ask = knownPrice(numbers[first + 3]!);
    const volume = knownCount(numbers[first + 4]!);
    const openInterest = knownCount(numbers[first + 7]!);
    if (!areSoundNumbers(strike, bid, ask, last, volume, openInterest)) break;
    series[to] = number * 2 + right[row]!;
    positionTo[to] = position[row]!;
    strikes[to] = strike;
    bids[to] = bid;
    asks[to] = ask;
    lasts[to] = last;
    volumes[to] = volume;
    openInterests[to] = openInterest;
    volatilities[to] = knownVolatility(numbers[first + 5]!);
    deltas[to] = knownDelta(numbers[first + 6]!);
  }
  if (store.isWide) for (let place = BLOCK_COLUMNS; place < columns.length; place++) columns[place]!.fill(Number.NaN, store.size, to);
  store.size = to;
  return row;
}

type BlockColumns = readonly [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
];

function widen(store: RowStore): void {
  store.isWide = true;
  for (let place = BLOCK_COLUMNS; place < store.columns.length; place++) store.columns[place]!.fill(Number.NaN, 0, store.size);
}

/** Makes room for at least so many rows. */
function grow(store: RowStore, rows: number): void {
  const { series, position, columns } = store;
  const capacity = Math.max(store.capacity * 2, rows);
  store.capacity = capacity;
  store.series = new Int32Array(capacity);
  store.series.set(series);
  store.position = new Float64Array(capacity);
  store.position.set(position);
  store.columns = createColumns(capacity, columns.length);
  for (const [place, column] of columns.entries()) store.columns[place]!.set(column);
}

function createColumns(capacity: number, count: number): Float64Array[] {
  return Array.from({ length: count }, () => new Float64Array(capacity));
}
