import { METRICS, type MetricValues } from '../../domain/candidates/metric.ts';
import type { ScanResult } from '../../domain/results/scan-result.ts';
import { packMetrics } from '../results/packed-result.ts';

/** Newest results whose metrics are kept: a change of an opportunity names one that was stored a moment before. About 400 bytes each. */
const KEPT = 20_000;
const WIDTH = METRICS.length;

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
  // Numbers side by side: as objects they would be some forty things each that every collection of garbage has to look at.
  const values = new Float64Array(KEPT * WIDTH);
  const idOf: string[] = [];
  const placeOf = new Map<string, number>();
  let next = 0;

  function keep(row: ScanResult): void {
    const replaced = idOf[next];
    if (replaced !== undefined && placeOf.get(replaced) === next) placeOf.delete(replaced);
    packMetrics(row, values, next * WIDTH);
    idOf[next] = row.id;
    placeOf.set(row.id, next);
    next = (next + 1) % KEPT;
  }

  function metricsAt(place: number): MetricValues {
    const metrics: Record<string, number | null> = {};
    for (let index = 0; index < WIDTH; index++) {
      const value = values[place * WIDTH + index]!;
      metrics[METRICS[index]!.name] = Number.isNaN(value) ? null : value;
    }
    return metrics as MetricValues;
  }

  const stop = follower.follow((rows) => {
    for (const row of rows) keep(row);
  });
  return {
    async of(ids) {
      const missing = [...new Set(ids)].filter((id) => !placeOf.has(id));
      // What is kept, before others take its place meanwhile.
      const kept = ids.flatMap((id): [string, MetricValues][] => {
        const place = placeOf.get(id);
        return place === undefined ? [] : [[id, metricsAt(place)]];
      });
      const read = missing.length === 0 ? [] : await byIds(missing);
      return new Map([...read.map(({ id, metrics }): [string, MetricValues] => [id, metrics]), ...kept]);
    },
    stop,
  };
}
