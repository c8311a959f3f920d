import { METRICS } from '../../domain/candidates/metric.ts';
import type { ScanResult } from '../../domain/results/scan-result.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import { heldMetrics } from './held-metrics.ts';
import { createResultPacker, type HeldResult, type PackedResult, packMetrics } from './packed-result.ts';
import type { ScanResultSubject } from './scan-result-matcher.ts';

/** The newest results without a gap, as many as there is room for. */
export interface RecentResultRing {
  /** Number of the oldest one held; behind the newest when none is. */
  firstSequence(): number;
  lastSequence(): number;
  size(): number;
  /** Rows behind the newest one, in order. What does not follow it without a gap makes a new beginning. */
  append(rows: readonly ScanResult[]): void;
  /** The row in front of the oldest one. @returns false when it is not that, or there is no room */
  prepend(row: ScanResult): boolean;
  byId(id: string): ScanResult | null;
  /**
   * Those that pass, newest first, behind a position (null: from the newest).
   *
   * @param range when they were stored: epoch milliseconds, `beforeMs` exclusive
   * @returns null when what is held does not tell: older rows may pass too
   */
  select(
    passes: (result: ScanResultSubject) => boolean,
    range: { readonly fromMs: number; readonly beforeMs: number },
    after: StreamPosition | null,
    limit: number,
  ): ScanResult[] | null;
}

export interface RecentResultRingOptions {
  /** Results; ≥ 1. */
  readonly capacity: number;
  /** Behind the newest row there is so far. */
  readonly lastSequence: number;
}

const WIDTH = METRICS.length;

/** Rows that stay unpacked once they have been asked for, because the newest are asked for again and again: about 1 KB each, a few more where their legs and scores are asked for. */
const MOST_UNPACKED = 1_000;

export function createRecentResultRing({ capacity, lastSequence: startsBehind }: RecentResultRingOptions): RecentResultRing {
  const packer = createResultPacker();
  /** By number modulo capacity. */
  const entries: (PackedResult | undefined)[] = Array.from({ length: capacity });
  /** By the same. */
  const unpacked = new Map<number, HeldResult>();
  const metrics = new Float64Array(capacity * WIDTH);
  const ids = new Map<string, PackedResult>();
  let last = startsBehind;
  let first = startsBehind + 1;
  /** Those of the row that is looked at. */
  const looked = heldMetrics(metrics, 0);

  function put(row: ScanResult): void {
    const slot = row.sequence % capacity;
    const evicted = entries[slot];
    if (evicted) ids.delete(evicted.id);
    const packed = packer.pack(row);
    entries[slot] = packed;
    unpacked.delete(slot);
    packMetrics(row, metrics, slot * WIDTH);
    ids.set(packed.id, packed);
  }

  function clear(sequence: number): void {
    entries.fill(undefined);
    unpacked.clear();
    ids.clear();
    first = sequence;
    last = sequence - 1;
  }

  function unpack(packed: PackedResult): HeldResult {
    const slot = packed.sequence % capacity;
    const known = unpacked.get(slot);
    if (known) return known;
    if (unpacked.size === MOST_UNPACKED) unpacked.clear();
    const row = packer.unpack(packed, metrics, slot * WIDTH);
    unpacked.set(slot, row);
    return row;
  }

  return {
    firstSequence: () => first,
    lastSequence: () => last,
    size: () => last - first + 1,
    append(rows) {
      for (const row of rows) {
        if (row.sequence <= last) continue;
        if (row.sequence !== last + 1) clear(row.sequence);
        put(row);
        last = row.sequence;
        first = Math.max(first, last - capacity + 1);
      }
    },
    prepend(row) {
      if (row.sequence !== first - 1 || last - first + 1 >= capacity) return false;
      put(row);
      first = row.sequence;
      return true;
    },
    byId(id) {
      const packed = ids.get(id);
      return packed ? unpack(packed) : null;
    },
    select(passes, { fromMs, beforeMs }, after, limit) {
      const selected: ScanResult[] = [];
      for (let sequence = last; sequence >= first; sequence--) {
        const slot = sequence % capacity;
        const packed = entries[slot]!;
        const { detectedAtMs } = packed;
        // Times never go back along the numbers: what is older than this is too old as well.
        if (detectedAtMs < fromMs) return selected;
        if (detectedAtMs >= beforeMs) continue;
        if (after && !(detectedAtMs < after.atMs || (detectedAtMs === after.atMs && sequence < after.sequence))) continue;
        const { symbol, strategy, expiration, filterId, scanRunId } = packed;
        looked.offset = slot * WIDTH;
        if (!passes({ symbol, strategy, expiration, filterId, scanRunId, metrics: looked })) continue;
        selected.push(unpack(packed));
        if (selected.length === limit) return selected;
      }
      return first === 1 ? selected : null;
    },
  };
}
