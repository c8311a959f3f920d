import type { PricedColumns } from './priced-chain.ts';

const COLUMN_COUNT = 7;
/** New buffers get this much room to spare, so that a chain that gains a few contracts still fits. */
const HEADROOM = 1.125;

export interface ColumnPool {
  /** Columns of exactly this many rows, every value NaN. The taker owns them until it gives them back, or for good if it never does. */
  take(size: number): PricedColumns;
  /** Gives columns back for reuse: the caller must not read them any more. Giving the same columns back twice, or columns of another pool, does nothing. */
  giveBack(columns: PricedColumns): void;
}

/** One that is larger than this is left to a larger chain: small chains that keep the memory of large ones would add up. */
const MOST_SPARE = 2;

/** Keeps at most `maximumIdle` buffers for reuse; the smallest ones go first. */
export function createColumnPool(maximumIdle: number): ColumnPool {
  const owners = new WeakMap<PricedColumns, Float64Array>();
  const idle: Float64Array[] = [];

  function takeBuffer(length: number): Float64Array {
    const fitting = idle.findIndex((buffer) => buffer.length >= length);
    if (fitting >= 0 && idle[fitting]!.length <= MOST_SPARE * Math.ceil(length * HEADROOM)) return idle.splice(fitting, 1)[0]!;
    return new Float64Array(Math.ceil(length * HEADROOM));
  }

  return {
    take(size) {
      const buffer = takeBuffer(size * COLUMN_COUNT);
      buffer.fill(Number.NaN, 0, size * COLUMN_COUNT);
      const column = (index: number) => buffer.subarray(index * size, (index + 1) * size);
      const columns: PricedColumns = {
        mark: column(0),
        impliedVolatility: column(1),
        delta: column(2),
        gamma: column(3),
        vega: column(4),
        theta: column(5),
        rho: column(6),
      };
      owners.set(columns, buffer);
      return columns;
    },
    giveBack(columns) {
      const buffer = owners.get(columns);
      if (buffer === undefined) return;
      owners.delete(columns);
      const position = idle.findIndex((other) => other.length >= buffer.length);
      idle.splice(position < 0 ? idle.length : position, 0, buffer);
      if (idle.length > maximumIdle) idle.shift();
    },
  };
}
