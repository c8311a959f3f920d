import type { Transaction } from '../../db/client.ts';
import { copyInto, copyTimestamp } from '../../db/copy-text.ts';
import { readInPieces } from '../../db/read-in-pieces.ts';
import { RollupAccumulator } from '../../domain/rollups/rollup-accumulator.ts';
import type { RollupCell } from '../../domain/rollups/rollup-cell.ts';
import { ROLLUP_TIERS, type RollupTier } from '../../domain/rollups/rollup-tier.ts';
import type { EventLoopSlicer } from '../scanner/event-loop-slicer.ts';

export const ROLLUP_TABLES: Readonly<Record<RollupTier, string>> = { MINUTE: 'rollup_minutes', HOUR: 'rollup_hours', DAY: 'rollup_days' };

/** What rows add to a cell. */
export interface CellDelta {
  readonly seriesId: number;
  /** Start, epoch milliseconds. */
  readonly bucketMs: number;
  readonly cell: RollupCell;
  /** Of the same values. */
  readonly sketch: Uint8Array;
}

export interface CellStoreDeps {
  readonly slicer: EventLoopSlicer;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** The stored cells as who rolls up sees them: nobody else writes those of the same source meanwhile. */
export interface CellStore {
  /**
   * Adds to each cell.
   *
   * @param deltas in each tier each of another cell
   * @param newestMs newest market time that was rolled up before, epoch milliseconds; -Infinity: nothing was. No bucket that begins later has cells yet
   */
  add(transaction: Transaction, deltas: Readonly<Record<RollupTier, readonly CellDelta[]>>, newestMs: number): Promise<void>;
}

/** Parsed in one go, within three milliseconds. */
const STORED_CELLS = 250;
/** In one COPY: about 200 KB. */
const COPIED_CELLS = 1_000;
/** A session's own; emptied by each commit. */
const BATCH_TABLE = 'rollup_batch';
const VALUES = ['count', 'sum', 'min', 'max', 'm2', 'first', 'first_at', 'last', 'last_at', 'p50', 'p95', 'p99', 'sketch', 'updated_at'];
const COLUMNS = ['series_id', 'bucket', ...VALUES].join(', ');

interface CopiedColumn {
  readonly column: string;
  /** As COPY text, the same for every line. */
  readonly value: string;
}

type StoredCell = [
  delta: number,
  count: number,
  sum: number,
  min: number,
  max: number,
  m2: number,
  first: number,
  firstAtMs: number,
  last: number,
  lastAtMs: number,
  sketch: Uint8Array,
];

export function createCellStore({ slicer, clock }: CellStoreDeps): CellStore {
  /** @returns what comes new with what is stored of the same cells */
  async function mergeStored(transaction: Transaction, table: string, deltas: readonly CellDelta[]): Promise<CellDelta[]> {
    let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { bucketMs } of deltas) {
      fromMs = Math.min(fromMs, bucketMs);
      toMs = Math.max(toMs, bucketMs);
    }
    const merged = [...deltas];
    const merge = async (rows: readonly (readonly unknown[])[]) => {
      await slicer.turn();
      for (const row of rows) {
        const [delta, count, sum, min, max, m2, first, firstAtMs, last, lastAtMs, sketch] = row as StoredCell;
        const stored = { count, sum, min, max, m2, first, firstAtMs, last, lastAtMs, p50: Number.NaN, p95: Number.NaN, p99: Number.NaN };
        const added = deltas[delta - 1]!;
        const accumulator = new RollupAccumulator();
        accumulator.merge(stored, sketch);
        accumulator.merge(added.cell, added.sketch);
        merged[delta - 1] = { ...added, cell: accumulator.cell(), sketch: accumulator.sketch() };
        if (slicer.isExhausted()) await slicer.turn();
      }
    };
    // A search in the index for each; the bounds are what partitions are chosen by.
    await readInPieces(
      transaction,
      `select wanted.delta::int, stored.* from unnest($1::int[], $2::float8[]) with ordinality as wanted (series_id, seconds, delta)
      cross join lateral (
        select count, sum, min, max, m2, first, first_at, last, last_at, sketch from ${table}
        where series_id = wanted.series_id and bucket = to_timestamp(wanted.seconds) and bucket between $3 and $4
        limit 1
      ) as stored`,
      [
        `{${deltas.map(({ seriesId }) => seriesId).join(',')}}`,
        `{${deltas.map(({ bucketMs }) => bucketMs / 1_000).join(',')}}`,
        new Date(fromMs),
        new Date(toMs),
      ],
      STORED_CELLS,
      merge,
    );
    return merged;
  }

  /** The next lines are written out while PostgreSQL takes those before. */
  async function copyCells(
    transaction: Transaction,
    table: string,
    cells: readonly CellDelta[],
    prefix: readonly CopiedColumn[],
  ): Promise<void> {
    const columns = [...prefix.map(({ column }) => column), COLUMNS].join(', ');
    const before = prefix.map(({ value }) => `${value}\t`).join('');
    const updatedAtMs = clock();
    const momentOf = createMoments();
    let copied: Promise<unknown> = Promise.resolve();
    for (let start = 0; start < cells.length; start += COPIED_CELLS) {
      await slicer.turn();
      const lines: string[] = [];
      for (const cell of cells.slice(start, start + COPIED_CELLS)) {
        lines.push(before + lineOf(cell, updatedAtMs, momentOf));
        if (slicer.isExhausted()) await slicer.turn();
      }
      await copied;
      copied = copyInto(transaction, table, columns, lines);
      // Looked at when the next lines are ready.
      copied.catch(() => {});
    }
    await copied;
  }

  async function replace(transaction: Transaction, tier: RollupTier, cells: readonly CellDelta[]): Promise<void> {
    const merged = await mergeStored(transaction, ROLLUP_TABLES[tier], cells);
    // Values reach PostgreSQL by COPY two to three times as fast as in any other way.
    await transaction.unsafe(`create temp table if not exists ${BATCH_TABLE} (tier text, like rollup_days) on commit delete rows`);
    await copyCells(transaction, BATCH_TABLE, merged, [{ column: 'tier', value: tier }]);
    await transaction.unsafe(
      `insert into ${ROLLUP_TABLES[tier]} (${COLUMNS}) select ${COLUMNS} from ${BATCH_TABLE} where tier = $1 order by series_id, bucket
      on conflict (series_id, bucket) do update set ${VALUES.map((column) => `${column} = excluded.${column}`).join(', ')}`,
      [tier],
    );
  }

  return {
    async add(transaction, deltas, newestMs) {
      for (const [tier, cells] of Object.entries(deltas) as [RollupTier, readonly CellDelta[]][]) {
        const widthMs = ROLLUP_TIERS[tier];
        const lastKnownMs = Math.floor(newestMs / widthMs) * widthMs;
        const { fresh, known } = await inOrder(cells, lastKnownMs, slicer);
        await copyCells(transaction, ROLLUP_TABLES[tier], fresh, []);
        if (known.length > 0) await replace(transaction, tier, known);
      }
    },
  };
}

/**
 * Cells behind a moment, and the others, both in the order of the index. They are sorted series by series, in turns of the event loop: sorting tens of thousands at once takes 20 ms.
 */
async function inOrder(
  cells: readonly CellDelta[],
  lastKnownMs: number,
  slicer: EventLoopSlicer,
): Promise<{ readonly fresh: readonly CellDelta[]; readonly known: readonly CellDelta[] }> {
  const bySeries = new Map<number, CellDelta[]>();
  await slicer.turn();
  for (const cell of cells) {
    const ofSeries = bySeries.get(cell.seriesId);
    if (ofSeries) ofSeries.push(cell);
    else {
      bySeries.set(cell.seriesId, [cell]);
      if (slicer.isExhausted()) await slicer.turn();
    }
  }
  const fresh: CellDelta[] = [];
  const known: CellDelta[] = [];
  for (const seriesId of [...bySeries.keys()].sort((one, other) => one - other)) {
    const ofSeries = bySeries.get(seriesId)!.sort((one, other) => one.bucketMs - other.bucketMs);
    for (const cell of ofSeries) (cell.bucketMs > lastKnownMs ? fresh : known).push(cell);
    if (slicer.isExhausted()) await slicer.turn();
  }
  return { fresh, known };
}

/** A line of COPY text. */
function lineOf({ seriesId, bucketMs, cell, sketch }: CellDelta, updatedAtMs: number, momentOf: (atMs: number) => string): string {
  const { count, sum, min, max, m2, first, firstAtMs, last, lastAtMs, p50, p95, p99 } = cell;
  let line = `${seriesId}\t${momentOf(bucketMs)}\t${count}\t${sum}\t${min}\t${max}\t${m2}\t${first}\t${momentOf(firstAtMs)}`;
  line += `\t${last}\t${momentOf(lastAtMs)}\t${p50}\t${p95}\t${p99}\t\\\\x`;
  // A view of the same bytes.
  const { buffer, byteOffset, byteLength } = sketch;
  line += Buffer.from(buffer, byteOffset, byteLength).toString('hex');
  return `${line}\t${momentOf(updatedAtMs)}\n`;
}

/** The cells of a batch share their moments: each is written out once. */
function createMoments(): (atMs: number) => string {
  const texts = new Map<number, string>();
  return (atMs) => {
    let text = texts.get(atMs);
    if (text === undefined) {
      text = copyTimestamp(atMs);
      texts.set(atMs, text);
    }
    return text;
  };
}
