/** A row has no value. */
export const NO_BIN = -(2 ** 31);

/** Rows of a batch, of which each is in as many groups as every other. */
export interface GroupedRows {
  readonly rows: number;
  /** Of each row. */
  readonly groupsPerRow: number;
  /** Numbers of groups, row by row. */
  readonly groupOf: Int32Array;
  /** How many groups there are. */
  readonly groups: number;
}

/** How many values of a group lie in which bin. */
export interface BinRuns {
  /** Of that group from now on: ascending, until the next call. @returns how many bins have values */
  read(group: number): number;
  readonly bins: readonly number[];
  /** Values in each. */
  readonly counts: readonly number[];
}

/** More rows than these cannot be told apart in a key: 2^53 / 2^32. */
export const MOST_GROUPED_ROWS = 2 ** 21;
/** Rows between two pauses: well below a millisecond. */
const ROWS_AT_ONCE = 500;

/**
 * Counts by bins for all groups at once: the rows are sorted by their bin one time, so that the bins of each group come in order, and nothing has to be searched for.
 *
 * @param binOfRow NO_BIN: the row has no value @param grouped at most MOST_GROUPED_ROWS
 * @returns yields null now and then, when others may have their turn
 */
export function* createBinRuns(binOfRow: Int32Array, { rows, groupsPerRow, groupOf, groups }: GroupedRows): Generator<null, BinRuns> {
  const keys = new Float64Array(rows);
  let known = 0;
  for (let row = 0; row < rows; row++) {
    if (binOfRow[row] !== NO_BIN) keys[known++] = binOfRow[row]! * MOST_GROUPED_ROWS + row;
  }
  const sorted = keys.subarray(0, known).sort();
  yield null;
  // Lists of runs: of each group the first and the last one, of each run the next one of its group.
  const firstRun = new Int32Array(groups).fill(-1);
  const lastRun = new Int32Array(groups).fill(-1);
  const nextRun = new Int32Array(known * groupsPerRow);
  const runBin = new Int32Array(known * groupsPerRow);
  const runCount = new Int32Array(known * groupsPerRow);
  let runs = 0;
  for (let place = 0; place < known; place++) {
    if (place % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) yield null;
    const key = sorted[place]!;
    const bin = Math.floor(key / MOST_GROUPED_ROWS);
    const begin = (key - bin * MOST_GROUPED_ROWS) * groupsPerRow;
    for (let index = begin; index < begin + groupsPerRow; index++) {
      const group = groupOf[index]!;
      const last = lastRun[group]!;
      if (last >= 0 && runBin[last] === bin) {
        runCount[last]!++;
        continue;
      }
      runBin[runs] = bin;
      runCount[runs] = 1;
      nextRun[runs] = -1;
      if (last < 0) firstRun[group] = runs;
      else nextRun[last] = runs;
      lastRun[group] = runs++;
    }
  }
  const bins: number[] = [];
  const counts: number[] = [];
  return {
    bins,
    counts,
    read(group) {
      let length = 0;
      for (let run = firstRun[group]!; run >= 0; run = nextRun[run]!) {
        bins[length] = runBin[run]!;
        counts[length++] = runCount[run]!;
      }
      return length;
    },
  };
}
