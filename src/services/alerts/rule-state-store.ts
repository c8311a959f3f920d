import type { Sql, Transaction } from '../../db/client.ts';
import type { AlertRuleContent } from '../../domain/alerts/alert-rule.ts';
import type { SavedSeries } from '../../domain/alerts/number-index.ts';
import type { RuleOutcome, SavedRuleState } from '../../domain/alerts/rule-outcome.ts';

/** Where the series of rules stand, and what rules look back on. */
export interface RuleStateStore {
  states(): Promise<SavedRuleState[]>;
  series(): Promise<SavedSeries[]>;
  /** Rules as they were when a state of theirs was stored, by `id revision`, where they have been edited since. */
  revisions(): Promise<ReadonlyMap<string, AlertRuleContent>>;
  /** The last word on each series counts. */
  saveStates(transaction: Transaction, outcomes: readonly RuleOutcome[]): Promise<void>;
  saveSeries(transaction: Sql | Transaction, series: readonly SavedSeries[]): Promise<void>;
}

export function createRuleStateStore({ sql }: { sql: Sql }): RuleStateStore {
  return {
    async states() {
      return sql<SavedRuleState[]>`
        select rule_id as "ruleId", series_key as "seriesKey", group_values as "group", state from alert_rule_states order by rule_id, series_key`;
    },
    async series() {
      return sql<SavedSeries[]>`
        select source as "of", subject, metric, transform as "transformKey", at as "atMs", "window" from alert_series`;
    },
    async revisions() {
      const rows = await sql<{ key: string; rule: AlertRuleContent }[]>`
        select changes.setting_id || ' ' || changes.revision as key, changes.setting->'value' as rule
        from alert_rule_states as states
        join alert_settings as settings on settings.id = states.rule_id
        join alert_setting_changes as changes on changes.setting_id = states.rule_id and changes.revision = (states.state->>'ruleRevision')::int
        where settings.revision <> changes.revision`;
      return new Map(rows.map(({ key, rule }) => [key, rule]));
    },
    async saveStates(transaction, outcomes) {
      const newest = new Map(outcomes.map((outcome) => [`${outcome.ruleId} ${outcome.seriesKey}`, outcome]));
      const over = [...newest.values()].filter(({ isOver }) => isOver);
      const kept = [...newest.values()].filter(({ isOver }) => !isOver);
      if (over.length > 0) {
        await transaction`
          delete from alert_rule_states where (rule_id, series_key) in (
            select * from unnest(${over.map(({ ruleId }) => ruleId)}::uuid[], ${over.map(({ seriesKey }) => seriesKey)}::text[]))`;
      }
      if (kept.length > 0) {
        const rows = kept.map(({ ruleId, seriesKey, group, state }) => ({ ruleId, seriesKey, group, state }));
        await transaction.unsafe(
          `insert into alert_rule_states (rule_id, series_key, group_values, state)
           select "ruleId", "seriesKey", "group", state
           from jsonb_to_recordset($1::text::jsonb) as given ("ruleId" uuid, "seriesKey" text, "group" jsonb, state jsonb)
           on conflict (rule_id, series_key) do update set group_values = excluded.group_values, state = excluded.state`,
          [JSON.stringify(rows)],
        );
      }
    },
    async saveSeries(transaction, series) {
      if (series.length === 0) return;
      await transaction.unsafe(
        `insert into alert_series (source, subject, metric, transform, at, "window")
         select "of", subject, metric, "transformKey", to_timestamp("atMs" / 1000), "window"
         from jsonb_to_recordset($1::text::jsonb) as given ("of" text, subject text, metric text, "transformKey" text, "atMs" float8, "window" jsonb)
         on conflict (source, subject, metric, transform) do update set at = excluded.at, "window" = excluded."window"`,
        [JSON.stringify(series)],
      );
    },
  };
}
