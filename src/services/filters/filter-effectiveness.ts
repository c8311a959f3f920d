import type { PendingQuery, Row } from 'postgres';
import type { Sql } from '../../db/client.ts';
import { profitAtExpiration } from '../../domain/opportunities/profit-at-expiration.ts';
import type { Leg } from '../../domain/results/scan-result.ts';

const MS_PER_DAY = 86_400_000;
/** Looked at when no beginning is given. */
const DEFAULT_DAYS = 30;
/** A price that is older than this is not the one at expiration. */
const OLDEST_PRICE = '1 day';
/** Their legs are read in well under a second. */
const MOST_OUTCOMES = 5_000;

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

interface ExpiredOpportunity {
  readonly legs: readonly Leg[];
  readonly netCredit: number;
  readonly underlyingPrice: number;
  readonly price: number;
}

export function createFilterEffectivenessService({ sql, clock }: { sql: Sql; clock: () => number }): FilterEffectivenessService {
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

  /** The newest ones that have expired, with what they cost when they entered and the last price up to their expiration. */
  async function expiredOf(filterId: string, within: Within, fromMs: number): Promise<ExpiredOpportunity[]> {
    // The change that entered is stored at the moment it was seen or later.
    return sql<ExpiredOpportunity[]>`
      with expired as materialized (
        select id, symbol, expires_at, legs from opportunities
        where filter_id = ${filterId} and ${within} and expires_at <= ${sql.typed.timestamptz(clock())}
        order by id desc limit ${MOST_OUTCOMES}
      ), entered as materialized (
        select (opportunity ->> 'id')::uuid as opportunity_id, (opportunity ->> 'latestResultId')::uuid as result_id
        from opportunity_changes
        where filter_id = ${filterId} and kind = 'ENTERED' and at >= ${sql.typed.timestamptz(fromMs)}::timestamptz - interval '1 hour'
      ), settlement as materialized (
        select symbol, expires_at, (
          select price from underlying_observations
          where symbol = expiring.symbol and price is not null
            and quoted_at between expiring.expires_at - ${OLDEST_PRICE}::interval and expiring.expires_at
            and observed_at >= expiring.expires_at - ${OLDEST_PRICE}::interval - interval '1 hour'
          order by quoted_at desc, sequence desc limit 1
        ) as price
        from (select distinct symbol, expires_at from expired) as expiring
      )
      select expired.legs, entry.net_credit as "netCredit", entry.underlying_price as "underlyingPrice", settlement.price
      from expired
      join settlement on settlement.symbol = expired.symbol and settlement.expires_at = expired.expires_at
      join entered on entered.opportunity_id = expired.id
      join scan_results as entry on entry.id = entered.result_id
      where settlement.price is not null and entry.net_credit is not null and entry.underlying_price is not null`;
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
        expiredOf(filterId, entered(), fromMs),
      ]);
      return { fromMs, beforeMs, ...results, ...opportunities, realised: outcomeOf(expired) };
    },
  };
}

function outcomeOf(expired: readonly ExpiredOpportunity[]): RealisedOutcome | null {
  if (expired.length === 0) return null;
  const profits = expired.map(({ legs, price, ...opened }) => profitAtExpiration(legs, price, opened));
  return {
    opportunities: profits.length,
    profitableShare: profits.filter((profit) => profit > 0).length / profits.length,
    meanProfit: profits.reduce((sum, profit) => sum + profit, 0) / profits.length,
  };
}
