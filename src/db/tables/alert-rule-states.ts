import { jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { GroupValues } from '../../domain/alerts/alert-rule.ts';
import type { RuleState } from '../../domain/alerts/rule-state.ts';

/** Where each series of each rule stands. */
export const alertRuleStates = pgTable(
  'alert_rule_states',
  {
    ruleId: uuid().notNull(),
    seriesKey: text().notNull(),
    groupValues: jsonb().$type<GroupValues>().notNull(),
    state: jsonb().$type<RuleState>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.ruleId, table.seriesKey] })],
);
