import type { Sql } from '../../db/client.ts';
import type { StrikeSighting } from '../../domain/analytics/patterns/recurring-strikes.ts';
import { DAY_MS } from '../../domain/calendar/day-number.ts';
import type { Leg } from '../../domain/results/scan-result.ts';
import type { HistoryOf } from './underlying-history.ts';

/** Where and when opportunities were found. */
export interface Sightings {
  readonly strikes: readonly StrikeSighting[];
  /** Opportunities by hour of the day of UTC, 24 numbers. */
  readonly byHour: readonly number[];
  readonly opportunities: number;
}

export interface StrikeSightingStore {
  /**
   * Of the opportunities of each underlying whose newest result was quoted in the days up to its last quotes; at most the 300 that entered last.
   * @param hiddenFilterIds of none of these filters
   */
  sightings(underlyings: readonly HistoryOf[], days: number, hiddenFilterIds: readonly string[]): Promise<ReadonlyMap<string, Sightings>>;
}

/** Each costs a look into the index of results. */
const MOST_OPPORTUNITIES = 300;

export function createStrikeSightingStore({ sql }: { sql: Sql }): StrikeSightingStore {
  return {
    async sightings(underlyings, days, hiddenFilterIds) {
      if (underlyings.length === 0) return new Map();
      const ends = new Map(underlyings.map(({ symbol, quotedAtMs }) => [symbol, quotedAtMs]));
      // By market time, which only results tell. A result is stored after the opportunity is seen, and within the time a writer may wait.
      const rows = await sql<{ symbol: string; legs: readonly Leg[]; quotedAtMs: number }[]>`
        select opportunity.symbol, opportunity.legs, result.quoted_at as "quotedAtMs"
        from unnest(${[...ends.keys()]}::text[]) as asked (symbol)
        cross join lateral (
          select symbol, legs, latest_result_id, first_seen_at, last_seen_at from opportunities
          where symbol = asked.symbol and filter_id <> all(${[...hiddenFilterIds]}::uuid[])
          order by id desc limit ${MOST_OPPORTUNITIES}
        ) as opportunity
        cross join lateral (
          select quoted_at from scan_results
          where id = opportunity.latest_result_id
            and detected_at >= opportunity.first_seen_at - interval '1 hour' and detected_at <= opportunity.last_seen_at + interval '1 hour'
        ) as result`;
      const groups = new Map<string, { strikes: StrikeSighting[]; byHour: number[]; opportunities: number }>();
      for (const { symbol, legs, quotedAtMs } of rows) {
        const endMs = ends.get(symbol)!;
        if (quotedAtMs > endMs || quotedAtMs < endMs - days * DAY_MS) continue;
        const group = groups.get(symbol) ?? { strikes: [], byHour: Array.from({ length: 24 }, () => 0), opportunities: 0 };
        groups.set(symbol, group);
        group.opportunities++;
        group.byHour[new Date(quotedAtMs).getUTCHours()]!++;
        const day = new Date(quotedAtMs).toISOString().slice(0, 10);
        for (const leg of legs) if (leg.kind === 'OPTION') group.strikes.push({ day, right: leg.right, strike: leg.strike });
      }
      return groups;
    },
  };
}
