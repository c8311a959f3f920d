import type { RuleOutcome } from '../../domain/alerts/rule-outcome.ts';
import { ALERT_CONSUMER } from './alert-consumer.ts';
import { type AlertEvaluatorDeps, createEvaluation, type Evaluation, putSetting, seriesId } from './evaluation.ts';

export type LoadEvaluationDeps = Pick<
  AlertEvaluatorDeps,
  'sources' | 'alerts' | 'settings' | 'states' | 'cursors' | 'streamLog' | 'templates' | 'mayRead' | 'clock'
>;

/**
 * Goes on from what is stored, at the moment it had come to: the rows since then are still to be taken, and what they say of that time counts before what is now.
 *
 * @returns what has been edited since leads to the outcomes
 */
export async function loadEvaluation(deps: LoadEvaluationDeps): Promise<{ evaluation: Evaluation; outcomes: RuleOutcome[] }> {
  const { sources, alerts, settings, states, cursors, streamLog, clock } = deps;
  const evaluation = createEvaluation(deps);
  const { engine, registry, positions, read, savedSeries } = evaluation;
  const known = await cursors.load(ALERT_CONSUMER);
  // Who has never looked at a stream begins with what comes.
  for (const { name } of sources) {
    positions.set(name, known.get(name) ?? (await streamLog.head(name)));
    read.set(name, positions.get(name)!);
  }
  evaluation.arePositionsSaved = known.size === sources.length;
  for (const alert of await alerts.open()) registry.putAlert(alert, 0);
  const stored = await states.states();
  const series = await states.series();
  for (const one of series) savedSeries.set(seriesId(one), one.atMs);
  const nowMs = clock();
  const reachedMs = Math.max(0, ...[...known.values()].map(({ atMs }) => atMs), ...stored.map(({ state }) => state.clockMs));
  const asOfMs = reachedMs > 0 ? Math.min(reachedMs, nowMs) : nowMs;
  const outcomes: RuleOutcome[] = [];
  for (const setting of await settings.all()) outcomes.push(...putSetting(evaluation, setting, asOfMs));
  const revisions = await states.revisions();
  const revisionOf = (ruleId: string, revision: number) => revisions.get(`${ruleId} ${revision}`) ?? null;
  outcomes.push(...engine.restore(stored, series, asOfMs, revisionOf, nowMs));
  evaluation.behindAtMs = asOfMs;
  return { evaluation, outcomes };
}
