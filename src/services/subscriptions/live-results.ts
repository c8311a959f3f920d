import { compileFilter } from '../../domain/filters/compile-filter.ts';
import type { ScanResult } from '../../domain/results/scan-result.ts';
import type { Bus } from '../bus/bus.ts';
import type { ScanResultQuery } from '../results/scan-result-query.ts';
import { scanResultStream } from '../results/scan-result-stream.ts';
import { encodePosition } from '../stream-log/cursor.ts';
import { createBoundedQueue } from './bounded-queue.ts';
import { SubscriberTooSlowError } from './subscriber-too-slow-error.ts';

/** Results that were committed together and passed the subscriber's filter. */
export interface ScanResultBatch {
  readonly phase: 'LIVE';
  /** Position behind the newest result of the batch. */
  readonly cursor: string;
  readonly missed: number;
  readonly results: readonly ScanResult[];
}

export interface LiveResults {
  /** Results committed from now on, in order. Ends with SubscriberTooSlowError when more wait than the buffer holds. */
  subscribe(query: ScanResultQuery): AsyncIterableIterator<ScanResultBatch>;
  subscribers(): number;
  /** Completes every subscription. */
  stop(): void;
}

export interface LiveResultsDeps {
  readonly bus: Bus;
  /** Most results that wait for one subscriber. */
  readonly bufferResults: number;
}

export function createLiveResults({ bus, bufferResults }: LiveResultsDeps): LiveResults {
  const open = new Set<{ close(): void }>();
  return {
    subscribe(query) {
      const matches = resultPredicate(query);
      const queue = createBoundedQueue<ScanResultBatch>({
        capacity: bufferResults,
        onEnd: () => {
          unsubscribe();
          open.delete(queue);
        },
      });
      const unsubscribe = bus.subscribe(scanResultStream.name, ({ rows }) => {
        const results = (rows as readonly ScanResult[]).filter(matches);
        const newest = results.at(-1);
        if (!newest) return;
        const cursor = encodePosition(scanResultStream.position(newest));
        if (!queue.push({ phase: 'LIVE', cursor, missed: 0, results }, results.length))
          queue.close(new SubscriberTooSlowError(bufferResults));
      });
      open.add(queue);
      return queue;
    },
    subscribers: () => open.size,
    stop() {
      for (const queue of open) queue.close();
    },
  };
}

function resultPredicate(query: ScanResultQuery): (result: ScanResult) => boolean {
  const criteria = query.criteria ? compileFilter(query.criteria) : null;
  const filterIds = query.filterIds ? new Set(query.filterIds) : null;
  const scanRunIds = query.scanRunIds ? new Set(query.scanRunIds) : null;
  return (result) =>
    (filterIds === null || filterIds.has(result.filterId)) &&
    (scanRunIds === null || scanRunIds.has(result.scanRunId)) &&
    (criteria === null || criteria.matches(result));
}
