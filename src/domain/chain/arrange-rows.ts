import { CALL, type ExpirationSlice, PUT, type QuoteColumns } from './chain-snapshot.ts';
import { BLOCK_COLUMNS, ROW_NUMBERS, type RowStore } from './row-store.ts';

/** An expiration as it was first met. */
export interface KnownExpiration {
  readonly root: string;
  readonly date: string;
  readonly expiresAtMs: number;
  vendorForward: number;
}

export interface ArrangedRows {
  readonly size: number;
  readonly slices: ExpirationSlice[];
  readonly quotes: QuoteColumns;
}

/**
 * Brings rows into the order of ChainSnapshot: one counting sort by expiration and right, then by strike within each such group (which is
 * in order already in most sources). Of equal contracts the one that came first stays; `onDuplicate` hears of each other one.
 */
export function arrangeRows(
  rows: RowStore,
  expirations: readonly KnownExpiration[],
  originalCurrency: string | undefined,
  onDuplicate: (position: number) => void,
): ArrangedRows {
  const ranked = expirations.map((_, index) => index).sort((a, b) => compareExpirations(expirations[a]!, expirations[b]!));
  const { members, starts } = groupRows(rows, ranked);
  const slices: ExpirationSlice[] = [];
  let size = 0;
  for (const [rank, expiration] of ranked.entries()) {
    const start = size;
    size = keepGroup(rows, members, starts[rank * 2]!, starts[rank * 2 + 1]!, size, onDuplicate);
    const putStart = size;
    size = keepGroup(rows, members, starts[rank * 2 + 1]!, starts[rank * 2 + 2]!, size, onDuplicate);
    const { root, date, expiresAtMs, vendorForward } = expirations[expiration]!;
    if (size > start) slices.push({ root, date, expiresAtMs, start, putStart, end: size, vendorForward });
  }
  return { size, slices, quotes: toColumns(rows, members.subarray(0, size), slices, originalCurrency) };
}

function compareExpirations(a: KnownExpiration, b: KnownExpiration): number {
  if (a.expiresAtMs !== b.expiresAtMs) return a.expiresAtMs - b.expiresAtMs;
  if (a.root !== b.root) return a.root < b.root ? -1 : 1;
  return a.date < b.date ? -1 : 1;
}

interface RowGroups {
  /** Group g holds members[starts[g]] up to members[starts[g + 1]], in the order of arrival. */
  readonly starts: Int32Array;
  readonly members: Int32Array;
}

/** @param ranked expirations in the order of their groups; of each first the calls, then the puts */
function groupRows({ size, series }: RowStore, ranked: readonly number[]): RowGroups {
  const groupOfSeries = new Int32Array(ranked.length * 2);
  for (const [rank, expiration] of ranked.entries()) {
    groupOfSeries[expiration * 2 + CALL] = rank * 2;
    groupOfSeries[expiration * 2 + PUT] = rank * 2 + 1;
  }
  const starts = new Int32Array(groupOfSeries.length + 1);
  for (let i = 0; i < size; i++) {
    const next = groupOfSeries[series[i]!]! + 1;
    starts[next] = starts[next]! + 1;
  }
  for (let group = 1; group < starts.length; group++) starts[group] = starts[group]! + starts[group - 1]!;
  const cursor = starts.slice();
  const members = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const group = groupOfSeries[series[i]!]!;
    const at = cursor[group]!;
    members[at] = i;
    cursor[group] = at + 1;
  }
  return { starts, members };
}

/**
 * Moves the members [from, end) to `size` and further, at or before where they are, in ascending strike and without those that come again; returns where they then end.
 */
function keepGroup(
  rows: RowStore,
  members: Int32Array,
  from: number,
  end: number,
  size: number,
  onDuplicate: (position: number) => void,
): number {
  const strike = rows.columns[0]!;
  let previous = Number.NEGATIVE_INFINITY;
  for (let i = from; i < end; i++) {
    const next = strike[members[i]!]!;
    if (!(next > previous)) return keepSorted(rows, members, members.slice(from, end), size, onDuplicate);
    previous = next;
  }
  if (size < from) members.copyWithin(size, from, end);
  return size + end - from;
}

/** keepGroup for a group that is not in order, or holds a contract twice. */
function keepSorted(
  { columns, position }: RowStore,
  members: Int32Array,
  group: Int32Array,
  size: number,
  onDuplicate: (position: number) => void,
): number {
  const strike = columns[0]!;
  group.sort((a, b) => strike[a]! - strike[b]! || a - b);
  let end = size;
  for (let i = 0; i < group.length; i++) {
    const row = group[i]!;
    if (i > 0 && strike[row] === strike[group[i - 1]!]) onDuplicate(position[row]!);
    else members[end++] = row;
  }
  return end;
}

function toColumns(
  { columns, isWide }: RowStore,
  order: Int32Array,
  slices: readonly ExpirationSlice[],
  originalCurrency: string | undefined,
): QuoteColumns {
  const size = order.length;
  const right = new Uint8Array(size);
  for (const { putStart, end } of slices) right.fill(PUT, putStart, end);
  const ordered = columns.map(() => new Float64Array(size));
  const known = isWide ? columns.length : BLOCK_COLUMNS;
  for (let place = 0; place < known; place += 2) gatherTwo(columns, ordered, place, Math.min(place + 1, known - 1), order);
  for (let place = known; place < columns.length; place++) ordered[place]!.fill(Number.NaN);
  const column = (name: (typeof ROW_NUMBERS)[number]) => ordered[ROW_NUMBERS.indexOf(name)]!;
  const quotes = {
    strike: column('strike'),
    right,
    bid: column('bid'),
    ask: column('ask'),
    bidSize: column('bidSize'),
    askSize: column('askSize'),
    last: column('last'),
    volume: column('volume'),
    openInterest: column('openInterest'),
    vendorMark: column('mark'),
    vendorImpliedVolatility: column('impliedVolatility'),
    vendorDelta: column('delta'),
  };
  if (originalCurrency === undefined) return quotes;
  const original = { bid: column('originalBid'), ask: column('originalAsk'), mark: column('originalMark') };
  return { ...quotes, original: { currency: originalCurrency, ...original } };
}

/** Two columns in one loop, which shares the order between them; with more the columns, all at the same place in a page of memory, would push each other out of the cache. */
function gatherTwo(from: readonly Float64Array[], to: readonly Float64Array[], place: number, other: number, order: Int32Array): void {
  const fromFirst = from[place]!;
  const fromSecond = from[other]!;
  const toFirst = to[place]!;
  const toSecond = to[other]!;
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    toFirst[i] = fromFirst[row]!;
    toSecond[i] = fromSecond[row]!;
  }
}
