import type { Sql } from '../../db/client.ts';
import type { Opportunity } from '../../domain/opportunities/opportunity.ts';

/**
 * Inserts or overwrites, in one statement whatever their number. One that has left stays so: what another process may still say of it, or what was seen of it before,
 * comes too late.
 */
export async function saveOpportunities(sql: Pick<Sql, 'unsafe'>, opportunities: readonly Opportunity[]): Promise<void> {
  if (opportunities.length === 0) return;
  await sql.unsafe(
    `insert into opportunities (id, filter_id, filter_revision, symbol, strategy, expiration, expires_at, legs, legs_key, first_seen_at, last_seen_at, left_at,
       leave_reason, best_score, last_score, observations, latest_result_id)
     select id, "filterId", "filterRevision", symbol, strategy, expiration, to_timestamp("expiresAtMs" / 1000), legs, "legsKey",
       to_timestamp("firstSeenAtMs" / 1000), to_timestamp("lastSeenAtMs" / 1000), to_timestamp("leftAtMs" / 1000), "leaveReason", "bestScore", "lastScore",
       observations, "latestResultId"
     from jsonb_to_recordset($1::text::jsonb) as given (id uuid, "filterId" uuid, "filterRevision" int, symbol text, strategy text, expiration date,
       "expiresAtMs" float8, legs jsonb, "legsKey" text, "firstSeenAtMs" float8, "lastSeenAtMs" float8, "leftAtMs" float8, "leaveReason" text, "bestScore" float8,
       "lastScore" float8, observations int, "latestResultId" uuid)
     on conflict (id) do update set last_seen_at = excluded.last_seen_at, left_at = excluded.left_at, leave_reason = excluded.leave_reason,
       best_score = excluded.best_score, last_score = excluded.last_score, observations = excluded.observations, latest_result_id = excluded.latest_result_id
     where opportunities.left_at is null`,
    [JSON.stringify(opportunities)],
  );
}
