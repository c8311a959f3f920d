import type { StreamLog } from '../stream-log/stream-log.ts';
import { type Evaluation, evaluatedAtMs } from './evaluation.ts';
import type { EventSource } from './event-source.ts';

/** What time brings about is looked at this much later: a row of a little earlier may still be on its way from another process. */
export const GRACE_MS = 250;
/** Rows that are stored come to this process at the latest at the next look at their stream. Those that do not must not keep back who watches for silence. */
const LONGEST_WAIT_MS = 4_000;

export interface PassTimeDeps {
  readonly streamLog: Pick<StreamLog, 'reach'>;
  readonly sources: readonly Pick<EventSource, 'name'>[];
}

/**
 * Lets time pass in all streams alike, when something is due: from then on rows of earlier moments cannot be stored, and those that are have to be taken first. However
 * busy the machine is, rows and time come in the order in which the streams tell them afterwards.
 *
 * @returns the moment that has been reached, epoch milliseconds; null: nothing is due, or rows of before are still on their way
 */
export async function passTime({ streamLog, sources }: PassTimeDeps, evaluation: Evaluation, nowMs: number): Promise<number | null> {
  if (evaluation.mark === null) {
    const dueMs = evaluatedAtMs(evaluation, nowMs - GRACE_MS);
    if (evaluation.engine.nextDeadlineMs() > dueMs) return null;
    const names = sources.map(({ name }) => name);
    evaluation.mark = { atMs: dueMs, heads: await streamLog.reach(names, dueMs), madeAtMs: nowMs };
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
