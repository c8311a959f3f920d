import type { AlertChange } from '../../domain/alerts/alert-change.ts';
import type { AlertSettingChange } from '../../domain/alerts/alert-setting.ts';
import type { RuleOutcome } from '../../domain/alerts/rule-outcome.ts';
import { type AlertEvaluatorDeps, type Evaluation, evaluatedAtMs, putSetting } from './evaluation.ts';

/** What other processes and people do, until the evaluator comes to it. */
export interface EvaluatorInbox {
  take(evaluation: Evaluation, nowMs: number): RuleOutcome[];
  /** Ends following. */
  close(): void;
}

export type EvaluatorInboxDeps = Pick<AlertEvaluatorDeps, 'alertChanges' | 'settingChanges' | 'metrics'>;

/** @param onMessage called when there is something */
export function createEvaluatorInbox({ alertChanges, settingChanges, metrics }: EvaluatorInboxDeps, onMessage: () => void): EvaluatorInbox {
  let alerts: AlertChange[] = [];
  let settings: AlertSettingChange[] = [];
  const ends = [
    alertChanges.follow((changes) => {
      alerts.push(...changes);
      onMessage();
    }),
    settingChanges.follow((changes) => {
      settings.push(...changes);
      onMessage();
    }),
  ];
  return {
    take(evaluation, nowMs) {
      const { engine, registry, rules } = evaluation;
      const [takenAlerts, takenSettings] = [alerts, settings];
      alerts = [];
      settings = [];
      const atMs = evaluatedAtMs(evaluation, nowMs);
      const outcomes = takenSettings.flatMap(({ setting }) => putSetting(evaluation, setting, atMs));
      if (takenSettings.length > 0) metrics.rules(rules.size);
      for (const { kind, alert, actor, sequence } of takenAlerts) {
        registry.putAlert(alert, sequence);
        if (actor === null) continue;
        if (kind === 'RESOLVED') {
          // Heard late, it is of an alert before the one that goes on now.
          if (!registry.isOpen(alert.ruleId, alert.seriesKey)) outcomes.push(...engine.resolve(alert.ruleId, alert.seriesKey, atMs));
        } else if (kind === 'UNACKNOWLEDGED' || kind === 'UNSNOOZED') outcomes.push(...engine.reconsider(alert.ruleId, atMs));
      }
      const last = takenAlerts.at(-1);
      if (last) registry.heardUpTo(last.sequence);
      return outcomes;
    },
    close() {
      for (const end of ends) end();
    },
  };
}
