/** What is read of the table of opportunities. */
export const OPPORTUNITY_COLUMNS = `id, filter_id as "filterId", filter_revision as "filterRevision", symbol, strategy, expiration::text as expiration,
  expires_at as "expiresAtMs", legs, legs_key as "legsKey", first_seen_at as "firstSeenAtMs", last_seen_at as "lastSeenAtMs", left_at as "leftAtMs",
  leave_reason as "leaveReason", best_score as "bestScore", last_score as "lastScore", observations, latest_result_id as "latestResultId"`;
