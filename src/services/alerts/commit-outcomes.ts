import type { Transaction } from '../../db/client.ts';
import type { AlertChange, AlertChangeDraft } from '../../domain/alerts/alert-change.ts';
import { type AlertOfOutcome, createAlertOfOutcome } from '../../domain/alerts/alert-of-outcome.ts';
import type { RuleOutcome } from '../../domain/alerts/rule-outcome.ts';
import { alertChangeStream } from './alert-change-stream.ts';
import { ALERT_CONSUMER } from './alert-consumer.ts';
import { type AlertEvaluatorDeps, type Evaluation, seriesId } from './evaluation.ts';
import { notificationsOf } from './notifications-of.ts';

/**
 * Stores what has been decided, with how far it came, and tells it.
 *
 * @param timely what time alone has done to alerts
 * @throws LeaseLostError, or an error of the database: then all that is known here is to be thrown away
 */
export type CommitOutcomes = (outcomes: readonly RuleOutcome[], timely: readonly AlertChangeDraft[], nowMs: number) => Promise<void>;

export function createCommitOutcomes(deps: AlertEvaluatorDeps, evaluation: Evaluation): CommitOutcomes {
  const { sql, states, cursors, lease, metrics, clock } = deps;
  const { engine, registry, positions, savedSeries } = evaluation;
  const alertOfOutcome = createAlertOfOutcome(deps);
  return async (outcomes, timely, nowMs) => {
    const stale = engine.saveSeries().filter((series) => savedSeries.get(seriesId(series)) !== series.atMs);
    const committed = await sql.begin(async (transaction) => {
      await lease.confirm(transaction);
      await states.saveStates(
        transaction,
        outcomes.filter(({ isChanged, isOver }) => isChanged || isOver),
      );
      await states.saveSeries(transaction, stale);
      for (const [stream, position] of positions) await cursors.save(transaction, ALERT_CONSUMER, stream, position);
      const changes = await changesOf(deps, alertOfOutcome, transaction, outcomes, nowMs);
      const changed = new Set(changes.map(({ alert }) => alert.id));
      const others = timely.filter(({ alert }) => !changed.has(alert.id));
      return store(deps, transaction, [...changes, ...(await stillTrue(deps, transaction, others))], nowMs);
    });
    for (const series of stale) savedSeries.set(seriesId(series), series.atMs);
    evaluation.savedAtMs = clock();
    evaluation.arePositionsSaved = true;
    for (const { alert, sequence } of committed) registry.putAlert(alert, sequence);
    if (committed.length === 0) return;
    metrics.changed(committed);
    deps.onCommitted(committed);
    deps.notifications.nudge();
  };
}

async function changesOf(
  { alerts }: Pick<AlertEvaluatorDeps, 'alerts'>,
  alertOfOutcome: AlertOfOutcome,
  transaction: Transaction,
  outcomes: readonly RuleOutcome[],
  nowMs: number,
): Promise<AlertChangeDraft[]> {
  const telling = outcomes.filter(({ transitions, notify }) => transitions.length > 0 || notify.send !== null);
  const newest = new Map((await alerts.newestOf(transaction, telling)).map((alert) => [`${alert.ruleId} ${alert.seriesKey}`, alert]));
  return telling.flatMap((outcome) => {
    const key = `${outcome.ruleId} ${outcome.seriesKey}`;
    const changes = alertOfOutcome(outcome, newest.get(key) ?? null, nowMs);
    const last = changes.at(-1);
    if (last) newest.set(key, last.alert);
    return changes;
  });
}

/** Somebody may have changed the alert since; then, as for an alert that the same outcomes change, the step is decided anew when that is known here. */
async function stillTrue(
  { alerts }: Pick<AlertEvaluatorDeps, 'alerts'>,
  transaction: Transaction,
  changes: readonly AlertChangeDraft[],
): Promise<AlertChangeDraft[]> {
  if (changes.length === 0) return [];
  const locked = await alerts.lock(
    transaction,
    changes.map(({ alert }) => alert.id),
  );
  const statuses = new Map(locked.map(({ id, status }) => [id, status]));
  return changes.filter(({ kind, alert }) => statuses.get(alert.id) === (kind === 'UNSNOOZED' ? 'SNOOZED' : alert.status));
}

async function store(
  { channelKinds, streamLog, notifications }: Pick<AlertEvaluatorDeps, 'channelKinds' | 'streamLog' | 'notifications'>,
  transaction: Transaction,
  drafts: readonly AlertChangeDraft[],
  nowMs: number,
): Promise<readonly AlertChange[]> {
  if (drafts.length === 0) return [];
  const kinds = await channelKinds([...new Set(drafts.flatMap(({ channelIds }) => channelIds))]);
  const changes = await streamLog.append(transaction, alertChangeStream, drafts, nowMs);
  await notifications.notify(
    transaction,
    changes.flatMap((change) => notificationsOf(change, (id) => kinds.get(id) ?? null)),
  );
  return changes;
}
