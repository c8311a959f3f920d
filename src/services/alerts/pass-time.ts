import type { Sql } from '../../db/client.ts';
import type { StreamPosition } from '../stream-log/stream-position.ts';
import { type Evaluation, evaluatedAtMs } from './evaluation.ts';
import type { EventSource } from './event-source.ts';

/** What time brings about is looked at this much later: a row of a little earlier may still be on its way from another process. */
export const GRACE_MS = 250;
/** Rows that are stored come to this process at the latest at the next look at their stream. Those that do not must not keep back who watches for silence. */
const LONGEST_WAIT_MS = 4_000;

export interface PassTimeDeps {
  readonly sql: Sql;
  readonly sources: readonly Pick<EventSource, 'name'>[];
}

/**
 * Lets time pass in all streams alike, when something is due: from then on rows of earlier moments cannot be stored, and those that are have to be taken first. However
 * busy the machine is, rows and time come in the order in which the streams tell them afterwards.
 *
 * @returns the moment that has been reached, epoch milliseconds; null: nothing is due, or rows of before are still on their way
 */
export async function passTime({ sql, sources }: PassTimeDeps, evaluation: Evaluation, nowMs: number): Promise<number | null> {
  if (evaluation.mark === null) {
    const dueMs = evaluatedAtMs(evaluation, nowMs - GRACE_MS);
    if (evaluation.engine.nextDeadlineMs() > dueMs) return null;
    const names = sources.map(({ name }) => name);
    evaluation.mark = { atMs: dueMs, heads: await markStreams(sql, names, dueMs), madeAtMs: nowMs };
  }
  const { atMs, madeAtMs } = evaluation.mark;
  if (!isReached(evaluation) && nowMs - madeAtMs < LONGEST_WAIT_MS) return null;
  evaluation.mark = null;
  return atMs;
}

function isReached(evaluation: Evaluation): boolean {
  const { atMs, heads } = evaluation.mark!;
  if (evaluatedAtMs(evaluation, atMs) < atMs) return false;
  return [...heads].every(([name, head]) => {
    const read = evaluation.read.get(name)!;
    return read.sequence >= head.sequence || read.atMs >= atMs;
  });
}

/** The heads of the streams, behind which no row of an earlier moment will come: waits for those who are storing rows. In order, as two may do it at once. */
async function markStreams(sql: Sql, names: readonly string[], atMs: number): Promise<ReadonlyMap<string, StreamPosition>> {
  const heads = await sql<(StreamPosition & { stream: string })[]>`
    insert into stream_heads as head (stream, last_sequence, last_at)
    select name, 0, ${sql.typed.timestamptz(atMs)} from unnest(${[...names].sort()}::text[]) as name
    on conflict (stream) do update set last_at = greatest(head.last_at, excluded.last_at)
    returning stream, last_sequence as "sequence", last_at as "atMs"`;
  return new Map(heads.map(({ stream, sequence, atMs: reachedMs }) => [stream, { sequence, atMs: reachedMs }]));
}
