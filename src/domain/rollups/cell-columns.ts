import { limitedSum } from './limited-sum.ts';
import type { RollupCell } from './rollup-cell.ts';

/** What is known of many cells, without an object for each: tens of thousands are made for a batch of rows. */
export interface CellColumns {
  /**
   * What is told later counts as later in the stream: of several values at one moment the first one told is the first, the last one told the last.
   * @param cell its number, 0 or more @param value finite @param atMs market time, epoch milliseconds
   */
  add(cell: number, value: number, atMs: number): void;
  /** Values of a cell; 0 for one that nothing was told of. */
  count(cell: number): number;
  /** Cells with values. */
  size(): number;
  /** @param cell one with values @param p50 quantile of its values, as its bins say, and so on */
  cellAt(cell: number, p50: number, p95: number, p99: number): RollupCell;
}

/** Numbers of a cell, one behind the other. */
const COUNT = 0;
const SUM = 1;
const M2 = 2;
const MIN = 3;
const MAX = 4;
const FIRST = 5;
const FIRST_AT = 6;
const LAST = 7;
const LAST_AT = 8;
const WIDTH = 9;

/** Cells whose numbers lie in one array. What is there stays where it is: to copy the numbers of all cells into a larger array took 14 ms in one go. */
const BLOCK_BITS = 10;
const WITHIN_BLOCK = (1 << BLOCK_BITS) - 1;

export function createCellColumns(): CellColumns {
  const blocks: Float64Array[] = [];
  let size = 0;

  function blockOf(cell: number): Float64Array {
    const block = cell >>> BLOCK_BITS;
    while (blocks.length <= block) blocks.push(new Float64Array((WITHIN_BLOCK + 1) * WIDTH));
    return blocks[block]!;
  }

  function begin(numbers: Float64Array, at: number, value: number, atMs: number): void {
    size++;
    numbers[at + COUNT] = 1;
    numbers[at + SUM] = value;
    numbers[at + M2] = 0;
    numbers[at + MIN] = value;
    numbers[at + MAX] = value;
    numbers[at + FIRST] = value;
    numbers[at + FIRST_AT] = atMs;
    numbers[at + LAST] = value;
    numbers[at + LAST_AT] = atMs;
  }

  return {
    add(cell, value, atMs) {
      const numbers = blockOf(cell);
      const at = (cell & WITHIN_BLOCK) * WIDTH;
      const count = numbers[at + COUNT]!;
      if (count === 0) return begin(numbers, at, value, atMs);
      // Chan's formula for a part of one value, see RollupAccumulator.
      const difference = value - numbers[at + SUM]! / count;
      numbers[at + M2]! += (difference * difference * count) / (count + 1);
      numbers[at + COUNT] = count + 1;
      numbers[at + SUM]! += value;
      if (value < numbers[at + MIN]!) numbers[at + MIN] = value;
      if (value > numbers[at + MAX]!) numbers[at + MAX] = value;
      if (atMs < numbers[at + FIRST_AT]!) {
        numbers[at + FIRST] = value;
        numbers[at + FIRST_AT] = atMs;
      }
      if (atMs >= numbers[at + LAST_AT]!) {
        numbers[at + LAST] = value;
        numbers[at + LAST_AT] = atMs;
      }
    },
    count: (cell) => blocks[cell >>> BLOCK_BITS]?.[(cell & WITHIN_BLOCK) * WIDTH + COUNT] ?? 0,
    size: () => size,
    cellAt(cell, p50, p95, p99) {
      const numbers = blocks[cell >>> BLOCK_BITS]!;
      const at = (cell & WITHIN_BLOCK) * WIDTH;
      const min = numbers[at + MIN]!;
      const max = numbers[at + MAX]!;
      return {
        count: numbers[at + COUNT]!,
        sum: limitedSum(numbers[at + SUM]!),
        min,
        max,
        m2: limitedSum(numbers[at + M2]!),
        first: numbers[at + FIRST]!,
        firstAtMs: numbers[at + FIRST_AT]!,
        last: numbers[at + LAST]!,
        lastAtMs: numbers[at + LAST_AT]!,
        // Bins are wider than what lies in them.
        p50: Math.min(max, Math.max(min, p50)),
        p95: Math.min(max, Math.max(min, p95)),
        p99: Math.min(max, Math.max(min, p99)),
      };
    },
  };
}
