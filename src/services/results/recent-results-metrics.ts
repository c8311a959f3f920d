import { Counter, Gauge, type Registry } from 'prom-client';

/** Where a page, or a result, came from. */
export type PageSource = 'memory' | 'database';

export interface RecentResultsMetrics {
  answered(source: PageSource): void;
  /** So many results were asked for by their ids. */
  lookedUp(source: PageSource, results: number): void;
  /** @param size results held now */
  watch(size: () => number): void;
}

export function createRecentResultsMetrics(registry: Registry): RecentResultsMetrics {
  const pages = new Counter({
    name: 'strikewire_recent_result_pages_total',
    help: 'Pages of results, newest first, by where they came from: the share of memory is the hit rate.',
    labelNames: ['source'],
    registers: [registry],
  });
  const ids = new Counter({
    name: 'strikewire_recent_result_ids_total',
    help: 'Ids of results that were looked up, by where.',
    labelNames: ['source'],
    registers: [registry],
  });
  for (const source of ['memory', 'database'] as const) {
    pages.inc({ source }, 0);
    ids.inc({ source }, 0);
  }
  let size = () => 0;
  new Gauge({
    name: 'strikewire_recent_results',
    help: 'Results held in memory to answer pages of the newest.',
    registers: [registry],
    collect() {
      this.set(size());
    },
  });
  return {
    answered: (source) => pages.inc({ source }),
    lookedUp: (source, results) => ids.inc({ source }, results),
    watch(held) {
      size = held;
    },
  };
}
