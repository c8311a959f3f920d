import type { Suppression } from './decide-notification.ts';
import { type LabelMatcher, type Labels, matchesLabels } from './label-matcher.ts';

/**
 * While an alert that meets `source` is there, nobody is notified of those that meet `target` and have the same values of the labels in `equal`. As in Alertmanager
 * (https://prometheus.io/docs/alerting/latest/configuration/#inhibition-related-settings) an alert that meets both sides is not inhibited by one that does, itself included.
 */
export interface InhibitionRule {
  readonly id: string;
  readonly name: string;
  readonly source: readonly LabelMatcher[];
  readonly target: readonly LabelMatcher[];
  readonly equal: readonly string[];
}

/** @param alerting the labels of all alerts that are there */
export function inhibitedBy(rules: readonly InhibitionRule[], labels: Labels, alerting: Iterable<Labels>): Suppression | null {
  const concerned = rules.filter(({ target }) => matchesLabels(target, labels));
  if (concerned.length === 0) return null;
  for (const other of alerting) {
    if (other !== labels && concerned.some((rule) => inhibits(rule, other, labels))) return { reason: 'INHIBITED', untilMs: null };
  }
  return null;
}

function inhibits({ source, target, equal }: InhibitionRule, other: Labels, labels: Labels): boolean {
  if (!matchesLabels(source, other)) return false;
  if (matchesLabels(source, labels) && matchesLabels(target, other)) return false;
  return equal.every((name) => (other[name] ?? '') === (labels[name] ?? ''));
}
