import { createWakeSignal, type WakeSignal } from '../cluster/wake-signal.ts';
import { createCommitOutcomes } from './commit-outcomes.ts';
import { type AlertEvaluatorDeps, type Evaluation, evaluatedAtMs } from './evaluation.ts';
import { createEvaluatorInbox, type EvaluatorInbox } from './evaluator-inbox.ts';
import { loadEvaluation } from './load-evaluation.ts';
import { GRACE_MS, passTime } from './pass-time.ts';
import { takeRows } from './take-rows.ts';
import { takeTime } from './take-time.ts';

/** How often the places and what rules look back on are stored when nothing else is. */
const SAVE_INTERVAL_MS = 2_000;

/**
 * Works through the streams that rules read, once in the whole cluster, and tells what becomes of alerts. What an event leads to is stored in one transaction with how
 * far the evaluator has come, so that after a crash every event has its effect once.
 *
 * @returns the work of a lease: resolves when the signal has fired
 */
export function createAlertEvaluator(deps: AlertEvaluatorDeps): (signal: AbortSignal) => Promise<void> {
  return async (signal) => {
    const wake = createWakeSignal();
    const inbox = createEvaluatorInbox(deps, wake.set);
    const ends = deps.sources.map((source) => source.onRows(wake.set));
    signal.addEventListener('abort', wake.set, { once: true });
    try {
      await run(deps, inbox, wake, signal);
    } finally {
      signal.removeEventListener('abort', wake.set);
      deps.metrics.rules(0);
      inbox.close();
      for (const end of ends) end();
    }
  };
}

async function run(deps: AlertEvaluatorDeps, inbox: EvaluatorInbox, wake: WakeSignal, signal: AbortSignal): Promise<void> {
  const { metrics, clock, log } = deps;
  const { evaluation, outcomes: loaded } = await loadEvaluation(deps);
  const { engine, registry, rules } = evaluation;
  const commit = createCommitOutcomes(deps, evaluation);
  await commit(loaded, [], clock());
  metrics.rules(rules.size);
  log.info({ rules: rules.size }, 'alert rules are evaluated here');
  while (!signal.aborted) {
    const nowMs = clock();
    const told = inbox.take(evaluation, nowMs);
    const rows = await takeRows(deps, evaluation);
    const reachedMs = await passTime(deps, evaluation, nowMs);
    // Rows may have waited for it.
    if (evaluation.behindAtMs !== null || reachedMs !== null) wake.set();
    const { outcomes, changes } = takeTime(evaluation, deps.newId, reachedMs, nowMs);
    const all = [...told, ...rows, ...outcomes];
    const isSaveDue = !evaluation.arePositionsSaved && nowMs - evaluation.savedAtMs >= SAVE_INTERVAL_MS;
    if (all.length > 0 || changes.length > 0 || isSaveDue) await commit(all, changes, nowMs);
    // What ends may have held others back.
    if (all.some(({ transitions }) => transitions.some(({ to }) => to === 'NORMAL')) && registry.holdsOthersBack()) {
      const released = engine.reconsider(null, evaluatedAtMs(evaluation, clock()));
      if (released.length > 0) await commit(released, [], clock());
    }
    await wake.wait(pauseMs(evaluation, clock()));
  }
  await commit([], [], clock());
}

function pauseMs({ engine, registry, arePositionsSaved, behindAtMs, mark }: Evaluation, nowMs: number): number {
  if (behindAtMs !== null) return 1;
  // The rows that a mark waits for come with a call.
  const dueMs = Math.min(mark === null ? engine.nextDeadlineMs() + GRACE_MS : Number.POSITIVE_INFINITY, registry.nextDeadlineMs(nowMs));
  return Math.max(1, Math.min(dueMs - nowMs, arePositionsSaved && mark === null ? 60_000 : SAVE_INTERVAL_MS));
}
