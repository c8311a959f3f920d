const milliseconds = (column: string) => `round(date_part('epoch', ${column}) * 1000)`;

/** What is read of the table of opportunities, the same as a row or as JSON. */
export const OPPORTUNITY_COLUMNS = `id, filter_id as "filterId", filter_revision as "filterRevision", symbol, strategy, expiration::text as expiration,
  ${milliseconds('expires_at')} as "expiresAtMs", legs, legs_key as "legsKey", ${milliseconds('first_seen_at')} as "firstSeenAtMs",
  ${milliseconds('last_seen_at')} as "lastSeenAtMs", ${milliseconds('left_at')} as "leftAtMs", leave_reason as "leaveReason", best_score as "bestScore",
  last_score as "lastScore", observations, latest_result_id as "latestResultId"`;
