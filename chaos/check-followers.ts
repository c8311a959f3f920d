import postgres from 'postgres';
import type { Follower } from './follower.ts';
import { until } from './until.ts';

/** How long followers may take to get the last result. */
const COMPLETE_MS = 60_000;
/** What is doubled comes soon after, if at all. */
const DOUBLES_MS = 500;

export interface FollowerCheck {
  /** Rows in the table. */
  readonly stored: number;
  /** Results all followers together received. */
  readonly delivered: number;
  readonly violations: readonly string[];
}

/**
 * Compares what each follower received with the table, which is the truth: exactly the rows of its filter, in the order of their numbers. For followers that began before the
 * first row was stored; nothing may be written any more.
 */
export async function checkFollowers(databaseUrl: string, followers: readonly Follower[]): Promise<FollowerCheck> {
  const sql = postgres(databaseUrl, { max: 1, connection: { application_name: 'chaos' } });
  try {
    const expected = new Map<string, readonly string[]>();
    for (const { where } of followers.map(({ filter }) => filter)) {
      if (expected.has(where)) continue;
      const rows = await sql.unsafe<{ id: string }[]>(`select id from scan_results where ${where} order by sequence`);
      expected.set(
        where,
        rows.map(({ id }) => Buffer.from(`ScanResult:${id}`).toString('base64')),
      );
    }
    const isComplete = ({ filter, received, failure }: Follower) =>
      failure() !== null || received.length >= expected.get(filter.where)!.length;
    // Who is not complete by then is reported below, with what is missing.
    await until('every follower to be complete', () => followers.every(isComplete), COMPLETE_MS).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, DOUBLES_MS));
    const [row] = await sql<{ count: number; last: number; head: number }[]>`
      select count(*)::int as count, coalesce(max(sequence), 0)::int as last,
        coalesce((select last_sequence from stream_heads where stream = 'scan-results'), 0)::int as head
      from scan_results`;
    const { count, last, head } = row!;
    const violations = followers.flatMap((follower, index) => differences(follower, index, expected.get(follower.filter.where)!));
    if (count !== last || count !== head) violations.push(`expected numbers without gaps, got ${count} rows up to ${last}, head ${head}`);
    return { stored: count, delivered: followers.reduce((sum, { received }) => sum + received.length, 0), violations };
  } finally {
    await sql.end();
  }
}

function differences(follower: Follower, index: number, expected: readonly string[]): string[] {
  const { filter, received } = follower;
  const name = `follower ${index} (${filter.name})`;
  const violations: string[] = [];
  const failure = follower.failure();
  if (failure) violations.push(`${name}: expected no error, got ${failure.message}`);
  if (follower.gaps() > 0) violations.push(`${name}: expected nothing missed, was told of ${follower.gaps()}`);
  const wanted = new Set(expected);
  const distinct = new Set(received);
  const lost = expected.filter((id) => !distinct.has(id)).length;
  const foreign = [...distinct].filter((id) => !wanted.has(id)).length;
  const doubled = received.length - distinct.size;
  if (lost + foreign + doubled > 0)
    violations.push(`${name}: ${lost} lost, ${doubled} doubled, ${foreign} of other filters, of ${expected.length}`);
  else if (received.some((id, place) => id !== expected[place])) violations.push(`${name}: out of order`);
  return violations;
}
