import type { Sql } from '../../db/client.ts';
import type { Opportunity } from '../../domain/opportunities/opportunity.ts';
import { OPPORTUNITY_CHANGE_STREAM } from './opportunity-change-stream.ts';

/**
 * Adds sightings to opportunities that are stored and there: one that is not stored yet comes with its change, and for one that has left it is too late. What is
 * stored may be newer, from another process, and then stays.
 */
export async function saveSightings(sql: Sql, opportunities: readonly Opportunity[]): Promise<void> {
  if (opportunities.length === 0) return;
  await sql.begin(async (transaction) => {
    // As for a change, so that two who write the same rows do not wait for each other in turn.
    await transaction`select 1 from stream_heads where stream = ${OPPORTUNITY_CHANGE_STREAM} for update`;
    await transaction.unsafe(
      `update opportunities as stored set
         last_seen_at = to_timestamp("lastSeenAtMs" / 1000), last_score = "lastScore", latest_result_id = "latestResultId",
         best_score = greatest(stored.best_score, "bestScore"), observations = greatest(stored.observations, given.observations)
       from jsonb_to_recordset($1::text::jsonb) as given (id uuid, "lastSeenAtMs" float8, "bestScore" float8, "lastScore" float8, observations int,
         "latestResultId" uuid)
       where stored.id = given.id and stored.left_at is null and stored.last_seen_at < to_timestamp("lastSeenAtMs" / 1000)`,
      [JSON.stringify(opportunities)],
    );
  });
}
