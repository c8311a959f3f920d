import { LRUCache } from 'lru-cache';
import type { Transaction } from '../../db/client.ts';
import type { SeriesDimensions } from '../../domain/rollups/rollup-cell.ts';
import type { RollupSource } from '../../domain/rollups/rollup-metric.ts';
import type { EventLoopSlicer } from '../scanner/event-loop-slicer.ts';

/** Numbers of series that are remembered, about 150 bytes each. */
const REMEMBERED = 200_000;

export interface SeriesKey extends SeriesDimensions {
  readonly metric: string;
}

/** The numbers of series. */
export interface RollupSeries {
  /**
   * In the order of the keys; a new series is given a number within the transaction.
   * @returns the numbers, and what is to be called once they are committed
   */
  idsOf(
    transaction: Transaction,
    source: RollupSource,
    keys: readonly SeriesKey[],
  ): Promise<{ readonly ids: readonly number[]; remember(): void }>;
}

/** Keys that are looked up before the clock is looked at. */
const KEYS_BETWEEN_LOOKS = 50;

export interface RollupSeriesDeps {
  readonly slicer: EventLoopSlicer;
}

export function createRollupSeries({ slicer }: RollupSeriesDeps): RollupSeries {
  const known = new LRUCache<string, number>({ max: REMEMBERED });
  return {
    async idsOf(transaction, source, keys) {
      const texts: string[] = [];
      const ids: (number | undefined)[] = [];
      await slicer.turn();
      for (const [index, key] of keys.entries()) {
        if (index % KEYS_BETWEEN_LOOKS === 0 && slicer.isExhausted()) await slicer.turn();
        const text = textOf(source, key);
        texts.push(text);
        ids.push(known.get(text));
      }
      const missing = keys.filter((_, index) => ids[index] === undefined);
      const found = new Map<string, number>();
      if (missing.length > 0) {
        // The update changes nothing; it makes the numbers of those that are there come back as well.
        const rows = await transaction.unsafe<(SeriesKey & { id: number })[]>(
          `insert into rollup_series as series (source, metric, filter_id, symbol, strategy)
          select $1, metric, "filterId", symbol, strategy from json_to_recordset($2::text::json) as wanted (metric text, "filterId" uuid, symbol text, strategy text)
          on conflict (source, metric, filter_id, symbol, strategy) do update set source = excluded.source
          returning id, metric, filter_id as "filterId", symbol, strategy`,
          [source, JSON.stringify(missing)],
        );
        for (const row of rows) found.set(textOf(source, row), row.id);
      }
      return {
        ids: texts.map((text, index) => ids[index] ?? found.get(text)!),
        remember() {
          for (const [text, id] of found) known.set(text, id);
        },
      };
    },
  };
}

/** The parts but the last two hold no space. */
function textOf(source: RollupSource, { metric, filterId, symbol, strategy }: SeriesKey): string {
  return `${source} ${metric} ${filterId ?? ''} ${strategy ?? ''} ${symbol === null ? '' : `=${symbol}`}`;
}
