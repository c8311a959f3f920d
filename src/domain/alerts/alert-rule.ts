import type { RuleCondition } from './rule-condition.ts';
import type { TimeWindow } from './time-window.ts';

export const SEVERITIES = ['INFO', 'WARNING', 'CRITICAL'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** SHARED: seen by everybody who may read rules. PRIVATE: by its owner and administrators. */
export const RULE_VISIBILITIES = ['SHARED', 'PRIVATE'] as const;
export type RuleVisibility = (typeof RULE_VISIBILITIES)[number];

/** By what the series of a rule are told apart. `legs` is one position of a filter. */
export const GROUP_FIELDS = ['symbol', 'strategy', 'filter', 'service', 'expiration', 'legs'] as const;
export type GroupField = (typeof GROUP_FIELDS)[number];

export interface MessageTemplate {
  /** One line. */
  readonly title: string;
  readonly body: string;
}

/** What people write of a rule. Durations are milliseconds. */
export interface AlertRuleContent {
  readonly name: string;
  readonly description: string;
  readonly condition: RuleCondition;
  /** How long the condition must hold before the rule fires; 0: at once. */
  readonly forMs: number;
  /** How long an alert goes on after the condition has ended, so that a short end is none. */
  readonly keepFiringMs: number;
  /** The condition must hold in n of the last m samples; null: in the newest. */
  readonly occurrences: { readonly n: number; readonly m: number } | null;
  /** Least time between two notifications of one series; 0: none. */
  readonly throttleMs: number;
  /** Template of the key by which notifications are the same to their receivers; null: one key per series. */
  readonly dedupKey: string | null;
  readonly groupBy: readonly GroupField[];
  readonly severity: Severity;
  readonly labels: Readonly<Record<string, string>>;
  /** Null: the message of the product. */
  readonly message: MessageTemplate | null;
  /** When the rule is evaluated; empty: always. */
  readonly activeWindows: readonly TimeWindow[];
  /** When it is evaluated and nobody is notified. */
  readonly muteWindows: readonly TimeWindow[];
  /** From then on the rule is over; null: never. */
  readonly expiresAtMs: number | null;
  readonly enabled: boolean;
  readonly visibility: RuleVisibility;
  readonly channelIds: readonly string[];
  readonly escalationPolicyId: string | null;
}

export interface AlertRule extends AlertRuleContent {
  /** UUIDv7. */
  readonly id: string;
  /** Counts up with every change, from 1. */
  readonly revision: number;
  /** Subject of whoever made it; null: the product. */
  readonly owner: string | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Null while the rule is in use. */
  readonly deletedAtMs: number | null;
}

/** Values by which a series differs from the others of its rule. */
export type GroupValues = Readonly<Partial<Record<GroupField, string>>>;

/** Names one series of a rule: its group values in the order of `groupBy`. Empty for a rule with one series. */
export function seriesKeyOf(groupBy: readonly GroupField[], group: GroupValues): string {
  return groupBy.length === 0 ? '' : JSON.stringify(groupBy.map((field) => group[field] ?? ''));
}
