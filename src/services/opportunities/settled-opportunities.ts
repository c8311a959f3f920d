import type { Sql } from '../../db/client.ts';
import type { Leg } from '../../domain/results/scan-result.ts';
import { createSqlParameters } from '../results/criteria-sql.ts';
import { opportunityConditions } from './opportunity-conditions.ts';
import type { OpportunityQuery } from './opportunity-query.ts';

/** Which opportunities that have expired. */
export interface SettledQuery extends OpportunityQuery {
  /** Of those that entered from here on, epoch milliseconds; */
  readonly fromMs: number;
  /** up to here, exclusive. */
  readonly beforeMs: number;
}

/** An opportunity that has expired, with what it cost when it entered and the last price up to its expiration. */
export interface SettledOpportunity {
  readonly legs: readonly Leg[];
  /** Of the result it entered with: credit (+) or debit (-), quote currency per unit, at the mark. */
  readonly netCredit: number;
  /** Then, quote currency per unit. */
  readonly underlyingPrice: number;
  /** At expiration, quote currency per unit. */
  readonly price: number;
  /** Of the result it entered with, 0 to 1; null: unknown. */
  readonly probabilityOfProfit: number | null;
  /** Of the result it entered with, 0 to 100. */
  readonly score: number;
}

export interface SettledOpportunityStore {
  /** Those whose price at expiration is known, of at most the 5,000 newest that have expired. */
  settled(query: SettledQuery): Promise<SettledOpportunity[]>;
}

/** A price that is older than this is not the one at expiration. */
const OLDEST_PRICE = `interval '1 day'`;
const SEEN_BEFORE_MS = 3_600_000;
const STORED_WITHIN_MS = 86_400_000;
/** Their legs are read in well under a second. */
const MOST_OUTCOMES = 5_000;

export function createSettledOpportunityStore({ sql, clock }: { sql: Sql; clock: () => number }): SettledOpportunityStore {
  return {
    async settled({ fromMs, beforeMs, ...query }) {
      const parameters = createSqlParameters();
      // What is stored of entering: not before it was seen, and within the time that a writer may wait. Chunks of other times are not read.
      const fromStored = new Date(Math.max(0, fromMs - SEEN_BEFORE_MS));
      const beforeStored = new Date(Math.min(beforeMs, clock()) + STORED_WITHIN_MS);
      const stored = (column: string) =>
        `${column} >= ${parameters.add(fromStored, 'timestamptz')} and ${column} < ${parameters.add(beforeStored, 'timestamptz')}`;
      const conditions = [
        ...opportunityConditions(query, parameters),
        `first_seen_at >= ${parameters.add(new Date(fromMs), 'timestamptz')}`,
        `first_seen_at < ${parameters.add(new Date(beforeMs), 'timestamptz')}`,
        `expires_at <= ${parameters.add(new Date(clock()), 'timestamptz')}`,
      ];
      return sql.unsafe<SettledOpportunity[]>(
        `with expired as materialized (
          select id, filter_id, symbol, expires_at, legs, first_seen_at from opportunities
          where ${conditions.join(' and ')} order by id desc limit ${MOST_OUTCOMES}
        ), entered as materialized (
          select (opportunity ->> 'id')::uuid as opportunity_id, (opportunity ->> 'latestResultId')::uuid as result_id
          from opportunity_changes
          where kind = 'ENTERED' and filter_id = any(array(select distinct filter_id from expired))
            and ${stored('at')}
        ), settlement as materialized (
          select symbol, expires_at, (
            select price from underlying_observations
            where symbol = expiring.symbol and price is not null
              and quoted_at between expiring.expires_at - ${OLDEST_PRICE} and expiring.expires_at
              and observed_at >= expiring.expires_at - ${OLDEST_PRICE} - interval '1 hour'
            order by quoted_at desc, sequence desc limit 1
          ) as price
          from (select distinct symbol, expires_at from expired) as expiring
        )
        select expired.legs, entry.net_credit as "netCredit", entry.underlying_price as "underlyingPrice", settlement.price,
          entry.probability_of_profit as "probabilityOfProfit", entry.score
        from expired
        join settlement on settlement.symbol = expired.symbol and settlement.expires_at = expired.expires_at
        join entered on entered.opportunity_id = expired.id
        join scan_results as entry on entry.id = entered.result_id and ${stored('entry.detected_at')}
        where settlement.price is not null and entry.net_credit is not null and entry.underlying_price is not null
        order by expired.id`,
        parameters.values as never[],
      );
    },
  };
}
