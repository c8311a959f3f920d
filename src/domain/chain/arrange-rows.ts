import type { ExpirationSlice, QuoteColumns } from './chain-snapshot.ts';

/** An expiration as it was first met. */
export interface KnownExpiration {
  readonly root: string;
  readonly date: string;
  readonly expiresAtMs: number;
  vendorForward: number;
}

/** Rows in the order they came. The arrays may be longer than `size`. */
export interface ArrivedRows {
  readonly size: number;
  /** Index into the known expirations. */
  readonly expiration: Int32Array;
  readonly right: Uint8Array;
  readonly position: Float64Array;
  /** Values per row. */
  readonly width: number;
  /** Row after row: strike first, then the others in the order of QuoteColumns (see toColumns). */
  readonly values: Float64Array;
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
  rows: ArrivedRows,
  expirations: readonly KnownExpiration[],
  originalCurrency: string | undefined,
  onDuplicate: (position: number) => void,
): ArrangedRows {
  const ranked = expirations.map((_, index) => index).sort((a, b) => compareExpirations(expirations[a]!, expirations[b]!));
  const groupOfExpiration = new Int32Array(expirations.length);
  ranked.forEach((expiration, rank) => {
    groupOfExpiration[expiration] = rank * 2;
  });
  const groups = groupRows(rows, groupOfExpiration);

  const order = new Int32Array(rows.size);
  const slices: ExpirationSlice[] = [];
  let size = 0;
  for (let rank = 0; rank < ranked.length; rank++) {
    const start = size;
    size = appendGroup(rows, groups, rank * 2, order, size, onDuplicate);
    const putStart = size;
    size = appendGroup(rows, groups, rank * 2 + 1, order, size, onDuplicate);
    const { root, date, expiresAtMs, vendorForward } = expirations[ranked[rank]!]!;
    if (size > start) slices.push({ root, date, expiresAtMs, start, putStart, end: size, vendorForward });
  }
  return { size, slices, quotes: toColumns(rows, order.subarray(0, size), originalCurrency) };
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

function groupRows(rows: ArrivedRows, groupOfExpiration: Int32Array): RowGroups {
  const { size, expiration, right } = rows;
  const starts = new Int32Array(groupOfExpiration.length * 2 + 1);
  for (let i = 0; i < size; i++) {
    const next = groupOfExpiration[expiration[i]!]! + right[i]! + 1;
    starts[next] = starts[next]! + 1;
  }
  for (let group = 1; group < starts.length; group++) starts[group] = starts[group]! + starts[group - 1]!;
  const cursor = starts.slice();
  const members = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const group = groupOfExpiration[expiration[i]!]! + right[i]!;
    const at = cursor[group]!;
    members[at] = i;
    cursor[group] = at + 1;
  }
  return { starts, members };
}

/** Writes a group's rows in ascending strike to `order` from `size` on; returns the new size. */
function appendGroup(
  rows: ArrivedRows,
  { starts, members }: RowGroups,
  group: number,
  order: Int32Array,
  size: number,
  onDuplicate: (position: number) => void,
): number {
  const { values, width } = rows;
  const rowsOfGroup = members.subarray(starts[group], starts[group + 1]);
  if (!isAscending(rowsOfGroup, rows)) rowsOfGroup.sort((a, b) => values[a * width]! - values[b * width]! || a - b);
  let end = size;
  for (let i = 0; i < rowsOfGroup.length; i++) {
    const row = rowsOfGroup[i]!;
    if (i > 0 && values[row * width] === values[rowsOfGroup[i - 1]! * width]) onDuplicate(rows.position[row]!);
    else order[end++] = row;
  }
  return end;
}

function isAscending(members: Int32Array, { values, width }: ArrivedRows): boolean {
  for (let i = 1; i < members.length; i++) if (!(values[members[i]! * width]! > values[members[i - 1]! * width]!)) return false;
  return true;
}

function toColumns(rows: ArrivedRows, order: Int32Array, originalCurrency: string | undefined): QuoteColumns {
  const { values, width } = rows;
  const size = order.length;
  const column = () => new Float64Array(size);
  const right = new Uint8Array(size);
  const [strike, bid, ask, bidSize, askSize, last] = [column(), column(), column(), column(), column(), column()];
  const [volume, openInterest, vendorMark, vendorImpliedVolatility, vendorDelta] = [column(), column(), column(), column(), column()];
  // Row after row, as the values of a row stand together.
  for (let i = 0; i < size; i++) {
    const row = order[i]!;
    const at = row * width;
    right[i] = rows.right[row]!;
    strike[i] = values[at]!;
    bid[i] = values[at + 1]!;
    ask[i] = values[at + 2]!;
    bidSize[i] = values[at + 3]!;
    askSize[i] = values[at + 4]!;
    last[i] = values[at + 5]!;
    volume[i] = values[at + 6]!;
    openInterest[i] = values[at + 7]!;
    vendorMark[i] = values[at + 8]!;
    vendorImpliedVolatility[i] = values[at + 9]!;
    vendorDelta[i] = values[at + 10]!;
  }
  const quotes = {
    strike,
    right,
    bid,
    ask,
    bidSize,
    askSize,
    last,
    volume,
    openInterest,
    vendorMark,
    vendorImpliedVolatility,
    vendorDelta,
  };
  if (originalCurrency === undefined) return quotes;
  const original = (place: number) => Float64Array.from(order, (row) => values[row * width + place]!);
  return { ...quotes, original: { currency: originalCurrency, bid: original(11), ask: original(12), mark: original(13) } };
}
