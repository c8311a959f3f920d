import type { Transaction } from '../../db/client.ts';
import type { Opportunity } from '../../domain/opportunities/opportunity.ts';

/** Inserts or overwrites, in one statement whatever their number, while the head of the stream of their changes is held. */
export async function saveOpportunities(transaction: Transaction, opportunities: readonly Opportunity[]): Promise<void> {
  await transaction.unsafe(
    `insert into opportunities (id, filter_id, filter_revision, symbol, strategy, expiration, expires_at, legs, legs_key, first_seen_at, last_seen_at, left_at,
       leave_reason, best_score, last_score, observations, latest_result_id)
     select id, "filterId", "filterRevision", symbol, strategy, expiration, to_timestamp("expiresAtMs" / 1000), legs, "legsKey",
       to_timestamp("firstSeenAtMs" / 1000), to_timestamp("lastSeenAtMs" / 1000), to_timestamp("leftAtMs" / 1000), "leaveReason", "bestScore", "lastScore",
       observations, "latestResultId"
     from jsonb_to_recordset($1::text::jsonb) as given (id uuid, "filterId" uuid, "filterRevision" int, symbol text, strategy text, expiration date,
       "expiresAtMs" float8, legs jsonb, "legsKey" text, "firstSeenAtMs" float8, "lastSeenAtMs" float8, "leftAtMs" float8, "leaveReason" text, "bestScore" float8,
       "lastScore" float8, observations int, "latestResultId" uuid)
     order by "leftAtMs" is null -- Who leaves makes room for who enters with the same filter and legs.
     on conflict (id) do update set filter_revision = excluded.filter_revision, last_seen_at = excluded.last_seen_at, left_at = excluded.left_at, leave_reason = excluded.leave_reason,
       best_score = excluded.best_score, last_score = excluded.last_score, observations = excluded.observations, latest_result_id = excluded.latest_result_id`,
    [JSON.stringify(opportunities)],
  );
}
