/* In a process of its own, with --expose-gc: tells its parent what 1,000 results take that are held in memory to answer pages of the newest, in bytes. */
import type { ScanResult } from '../../dist/domain/results/scan-result.js';
import { createRecentResultRing } from '../../dist/services/results/recent-result-ring.js';
import { makeDrafts } from '../result-drafts.ts';

const RESULTS = 20_000;
const MADE_AT_ONCE = 1_000;

function usedBytes(): number {
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What the first rows bring with them, the code that makes them for example, is no row. */
function hold(count: number) {
  const ring = createRecentResultRing({ capacity: count, lastSequence: 0 });
  for (let start = 0; start < count; start += MADE_AT_ONCE) {
    // Each has texts of its own, as rows that were read have.
    const drafts = JSON.parse(JSON.stringify(makeDrafts(Math.min(MADE_AT_ONCE, count - start), start + 1))) as ReturnType<
      typeof makeDrafts
    >;
    ring.append(
      drafts.map((draft, index): ScanResult => ({ ...draft, sequence: start + index + 1, detectedAtMs: 1_700_000_000_000 + start })),
    );
  }
  return ring;
}

hold(MADE_AT_ONCE);
const before = usedBytes();
const ring = hold(RESULTS);
const bytes = ((usedBytes() - before) / ring.size()) * 1_000;
process.send?.({ bytes });
