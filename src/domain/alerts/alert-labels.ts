import type { AlertRule, GroupValues } from './alert-rule.ts';
import type { Labels } from './label-matcher.ts';

/** What matchers and receivers see of an alert: its rule's labels, and those the product adds, which its own never replace. */
export function alertLabels({ name, severity, condition, labels }: AlertRule, group: GroupValues): Labels {
  return { ...labels, ...group, rule: name, kind: condition.kind, severity };
}
