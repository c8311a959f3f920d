import type { Sql } from 'postgres';

/**
 * Where the table of opportunities and the stream of their changes tell different stories, or the stream tells an impossible one. Sightings without a change are only
 * in the table, so its counts may be ahead of the stream's.
 */
export async function opportunityDisagreements(sql: Sql): Promise<readonly string[]> {
  const changes = await sql<{ sequence: number; kind: string; opportunity: Told }[]>`
    select sequence::int as sequence, kind, opportunity from opportunity_changes order by sequence`;
  const rows = await sql<Stored[]>`
    select id, filter_id || ' ' || legs_key as key, (extract(epoch from left_at) * 1000)::float8 as "leftAtMs", leave_reason as "leaveReason", filter_revision as "filterRevision",
      (extract(epoch from first_seen_at) * 1000)::float8 as "firstSeenAtMs", best_score as "bestScore", observations from opportunities`;
  const found: string[] = [];
  const told = new Map<string, Told>();
  const there = new Map<string, string>();
  for (const [index, { sequence, kind, opportunity }] of changes.entries()) {
    const { id, filterId, legsKey } = opportunity;
    const key = `${filterId} ${legsKey}`;
    const before = told.get(id);
    if (sequence !== index + 1) found.push(`expected change ${index + 1}, got ${sequence}`);
    if ((kind === 'ENTERED') !== (before === undefined)) found.push(`${kind} ${id} ${before ? 'again' : 'before it entered'}`);
    if (before && before.leftAtMs !== null) found.push(`${kind} ${id} after it left`);
    if (kind === 'ENTERED' && there.has(key)) found.push(`ENTERED ${id} while ${there.get(key)} is there with the same filter and legs`);
    if (kind === 'LEFT') there.delete(key);
    else there.set(key, id);
    told.set(id, opportunity);
  }
  for (const row of rows) {
    const last = told.get(row.id);
    if (!last) found.push(`${row.id} is stored and was never told`);
    else if ((['leftAtMs', 'leaveReason', 'filterRevision', 'firstSeenAtMs'] as const).some((name) => row[name] !== last[name]))
      found.push(`${row.id} is stored as ${JSON.stringify(row)} and was told as ${JSON.stringify(last)}`);
    else if (row.bestScore < last.bestScore || row.observations < last.observations)
      found.push(`${row.id} is stored with less than was told`);
    told.delete(row.id);
  }
  for (const id of told.keys()) found.push(`${id} was told and is not stored`);
  return found;
}

interface Told {
  readonly id: string;
  readonly filterId: string;
  readonly legsKey: string;
  readonly leftAtMs: number | null;
  readonly leaveReason: string | null;
  readonly filterRevision: number;
  readonly firstSeenAtMs: number;
  readonly bestScore: number;
  readonly observations: number;
}

interface Stored extends Omit<Told, 'filterId' | 'legsKey'> {
  readonly key: string;
}
