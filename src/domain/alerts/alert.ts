import type { GroupValues, Severity } from './alert-rule.ts';
import type { MessageView } from './message-view.ts';
import type { ConditionKind } from './rule-condition.ts';

/** FIRING: nobody has taken it over. ACKNOWLEDGED: somebody has. SNOOZED: put off until a moment. RESOLVED: over. */
export const ALERT_STATUSES = ['FIRING', 'ACKNOWLEDGED', 'SNOOZED', 'RESOLVED'] as const;
export type AlertStatus = (typeof ALERT_STATUSES)[number];

/** Where the escalation of an alert stands. */
export interface EscalationProgress {
  /** When it began, or began anew after a snooze, epoch milliseconds. */
  readonly startedAtMs: number;
  /** Steps done since then, over all rounds. */
  readonly stepsDone: number;
}

/** One firing of one series of a rule. Moments are epoch milliseconds. */
export interface Alert {
  /** UUIDv7: sorts by firing. */
  readonly id: string;
  readonly ruleId: string;
  readonly ruleRevision: number;
  readonly ruleName: string;
  readonly kind: ConditionKind;
  readonly seriesKey: string;
  readonly group: GroupValues;
  /** By which notifications are the same to their receivers. */
  readonly dedupKey: string;
  readonly severity: Severity;
  /** The labels of the rule, its name, kind and severity, and the group values. */
  readonly labels: Readonly<Record<string, string>>;
  /** Plain text, as rendered when it fired. */
  readonly title: string;
  readonly body: string;
  /** What its messages are rendered from. */
  readonly view: MessageView;
  readonly status: AlertStatus;
  readonly firedAtMs: number;
  /** When the condition was last met. */
  readonly lastMetAtMs: number;
  /** Times the condition was met anew. */
  readonly matches: number;
  /** The number that fired it, and the level it went beyond; null for conditions that aren't about a number. */
  readonly value: number | null;
  readonly level: number | null;
  readonly acknowledgedAtMs: number | null;
  readonly acknowledgedBy: string | null;
  readonly snoozedUntilMs: number | null;
  readonly resolvedAtMs: number | null;
  /** Why it is over: the reason of the transition that ended it. */
  readonly resolveReason: string | null;
  readonly escalation: EscalationProgress;
  readonly escalationPolicyId: string | null;
  readonly channelIds: readonly string[];
  /** Fired by hand, to try the rule. */
  readonly isTest: boolean;
}
