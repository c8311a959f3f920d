import type { AlertEvent } from './alert-event.ts';
import type { AlertRule, GroupValues } from './alert-rule.ts';
import type { NotificationDecision } from './decide-notification.ts';
import type { RuleState } from './rule-state.ts';
import type { RuleTransition } from './rule-transition.ts';

/** Where a series of a rule stands, as it is stored. */
export interface SavedRuleState {
  readonly ruleId: string;
  readonly seriesKey: string;
  readonly group: GroupValues;
  readonly state: RuleState;
}

/** What an event, the passing of time or an edit did to one series of a rule. */
export interface RuleOutcome extends SavedRuleState {
  /** As in force for this evaluation. */
  readonly rule: AlertRule;
  readonly transitions: readonly RuleTransition[];
  readonly notify: NotificationDecision;
  /** Whether the state is to be stored. */
  readonly isChanged: boolean;
  /** Whether the series may be forgotten, and its stored state deleted. */
  readonly isOver: boolean;
  /** Null: time or people, not an event. */
  readonly event: AlertEvent | null;
}
