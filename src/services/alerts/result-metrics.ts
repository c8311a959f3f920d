import { LRUCache } from 'lru-cache';
import type { MetricValues } from '../../domain/candidates/metric.ts';
import type { ScanResult } from '../../domain/results/scan-result.ts';

/** Newest results whose metrics are kept: a change of an opportunity names one that was stored a moment before. About 400 bytes each. */
const KEPT = 20_000;

export interface ResultMetricsDeps {
  readonly byIds: (ids: readonly string[]) => Promise<readonly Pick<ScanResult, 'id' | 'metrics'>[]>;
  readonly follower: { follow(handler: (rows: readonly ScanResult[]) => void): () => void };
}

/** The metrics of results, by id. */
export interface ResultMetrics {
  /** Ids of no result are left out. */
  of(ids: readonly string[]): Promise<ReadonlyMap<string, MetricValues>>;
  stop(): void;
}

export function createResultMetrics({ byIds, follower }: ResultMetricsDeps): ResultMetrics {
  const kept = new LRUCache<string, MetricValues>({ max: KEPT });
  const stop = follower.follow((rows) => {
    for (const { id, metrics } of rows) kept.set(id, metrics);
  });
  return {
    async of(ids) {
      const missing = [...new Set(ids)].filter((id) => !kept.has(id));
      const read = missing.length === 0 ? [] : await byIds(missing);
      const found = new Map(read.map(({ id, metrics }) => [id, metrics]));
      for (const id of ids) {
        const metrics = kept.get(id);
        if (metrics) found.set(id, metrics);
      }
      return found;
    },
    stop,
  };
}
