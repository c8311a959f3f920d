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
   * In the order of the keys, each of another series; a new series is given a number within the transaction.
   * @returns the numbers, and what is to be called once they are committed
   */
  idsOf(
    transaction: Transaction,
    source: RollupSource,
    keys: readonly SeriesKey[],
  ): Promise<{ readonly ids: readonly number[]; remember(): Promise<void> }>;
}

/** Keys that are looked up before the clock is looked at. */
const KEYS_BETWEEN_LOOKS = 50;
/** Series in one statement: what comes back is parsed within a few milliseconds. */
const SERIES_AT_ONCE = 500;

export interface RollupSeriesDeps {
  readonly slicer: EventLoopSlicer;
}

export function createRollupSeries({ slicer }: RollupSeriesDeps): RollupSeries {
  const known = new LRUCache<string, number>({ max: REMEMBERED });

  async function inTurns<Item>(items: Iterable<Item>, work: (item: Item) => void): Promise<void> {
    await slicer.turn();
    let index = 0;
    for (const item of items) {
      if (index++ % KEYS_BETWEEN_LOOKS === 0 && slicer.isExhausted()) await slicer.turn();
      work(item);
    }
  }

  return {
    async idsOf(transaction, source, keys) {
      const ids: number[] = [];
      const missing = new Map<string, { readonly key: SeriesKey; readonly index: number }>();
      await inTurns(keys, (key) => {
        const text = textOf(source, key);
        const id = known.get(text);
        if (id === undefined) missing.set(text, { key, index: ids.length });
        ids.push(id ?? Number.NaN);
      });
      const found = new Map<string, number>();
      const wanted = [...missing.values()];
      for (let start = 0; start < wanted.length; start += SERIES_AT_ONCE) {
        // The update changes nothing; it makes the numbers of those that are there come back as well.
        const rows = await transaction.unsafe<(SeriesKey & { id: number })[]>(
          `insert into rollup_series as series (source, metric, filter_id, symbol, strategy)
          select $1, metric, "filterId", symbol, strategy from json_to_recordset($2::text::json) as wanted (metric text, "filterId" uuid, symbol text, strategy text)
          on conflict (source, metric, filter_id, symbol, strategy) do update set source = excluded.source
          returning id, metric, filter_id as "filterId", symbol, strategy`,
          [source, JSON.stringify(wanted.slice(start, start + SERIES_AT_ONCE).map(({ key }) => key))],
        );
        await inTurns(rows, (row) => {
          const text = textOf(source, row);
          found.set(text, row.id);
          ids[missing.get(text)!.index] = row.id;
        });
      }
      return { ids, remember: () => inTurns(found, ([text, id]) => void known.set(text, id)) };
    },
  };
}

/** The parts but the last two hold no space. */
function textOf(source: RollupSource, { metric, filterId, symbol, strategy }: SeriesKey): string {
  return `${source} ${metric} ${filterId ?? ''} ${strategy ?? ''} ${symbol === null ? '' : `=${symbol}`}`;
}
