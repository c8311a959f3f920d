import type { PendingQuery, Row } from 'postgres';
import type { Sql } from '../../db/client.ts';
import { profitAtExpiration } from '../../domain/opportunities/profit-at-expiration.ts';
import type { SettledOpportunity, SettledOpportunityStore } from '../opportunities/settled-opportunities.ts';

const MS_PER_DAY = 86_400_000;
/** Looked at when no beginning is given. */
const DEFAULT_DAYS = 30;

/** Epoch milliseconds; from inclusive, before exclusive. */
export interface EffectivenessRange {
  readonly fromMs: number | undefined;
  readonly beforeMs: number | undefined;
}

export interface RealisedOutcome {
  /** Opportunities whose outcome is known. */
  readonly opportunities: number;
  /** Share of them that ended with a profit above 0, 0 to 1. */
  readonly profitableShare: number;
  /** Quote currency per unit of the underlying. */
  readonly meanProfit: number;
}

export interface FilterEffectiveness {
  readonly fromMs: number;
  readonly beforeMs: number;
  readonly results: number;
  readonly underlyings: number;
  readonly bestScore: number | null;
  readonly meanScore: number | null;
  readonly opportunities: number;
  readonly meanSecondsIn: number | null;
  readonly medianSecondsIn: number | null;
  /** Null: of none. */
  readonly realised: RealisedOutcome | null;
}

export interface FilterEffectivenessService {
  /** What a filter has found: results stored in the range, and opportunities that entered in it. */
  effectiveness(filterId: string, range: EffectivenessRange): Promise<FilterEffectiveness>;
}

/** A condition on the times of rows. */
type Within = PendingQuery<Row[]>;

export interface FilterEffectivenessDeps {
  readonly sql: Sql;
  readonly settled: SettledOpportunityStore;
  readonly clock: () => number;
}

export function createFilterEffectivenessService({ sql, settled, clock }: FilterEffectivenessDeps): FilterEffectivenessService {
  async function resultsOf(filterId: string, within: Within) {
    const [row] = await sql<Pick<FilterEffectiveness, 'results' | 'underlyings' | 'bestScore' | 'meanScore'>[]>`
      select count(*)::int as results, count(distinct symbol)::int as underlyings, max(score) as "bestScore", avg(score) as "meanScore"
      from scan_results where filter_id = ${filterId} and ${within}`;
    return row!;
  }

  async function opportunitiesOf(filterId: string, within: Within) {
    const [row] = await sql<Pick<FilterEffectiveness, 'opportunities' | 'meanSecondsIn' | 'medianSecondsIn'>[]>`
      select count(*)::int as opportunities, avg(seconds)::float8 as "meanSecondsIn",
        percentile_cont(0.5) within group (order by seconds) as "medianSecondsIn"
      from (
        select extract(epoch from coalesce(left_at, last_seen_at) - first_seen_at)::float8 as seconds
        from opportunities where filter_id = ${filterId} and ${within}
      ) as lasting`;
    return row!;
  }

  return {
    async effectiveness(filterId, range) {
      const beforeMs = range.beforeMs ?? clock();
      const fromMs = range.fromMs ?? beforeMs - DEFAULT_DAYS * MS_PER_DAY;
      const from = sql.typed.timestamptz(fromMs);
      const before = sql.typed.timestamptz(beforeMs);
      const entered = () => sql`first_seen_at >= ${from} and first_seen_at < ${before}`;
      const [results, opportunities, expired] = await Promise.all([
        resultsOf(filterId, sql`detected_at >= ${from} and detected_at < ${before}`),
        opportunitiesOf(filterId, entered()),
        settled.settled({ filterIds: [filterId], fromMs, beforeMs }),
      ]);
      return { fromMs, beforeMs, ...results, ...opportunities, realised: outcomeOf(expired) };
    },
  };
}

function outcomeOf(expired: readonly SettledOpportunity[]): RealisedOutcome | null {
  if (expired.length === 0) return null;
  const profits = expired.map(({ legs, price, ...opened }) => profitAtExpiration(legs, price, opened));
  return {
    opportunities: profits.length,
    profitableShare: profits.filter((profit) => profit > 0).length / profits.length,
    meanProfit: profits.reduce((sum, profit) => sum + profit, 0) / profits.length,
  };
}
