import type { AlertRule, AlertRuleContent } from '../../src/domain/alerts/alert-rule.ts';
import { parseAlertRule } from '../../src/domain/alerts/parse-alert-rule.ts';

/** A rule with what is given, written as people write it; by default it fires at once when the price of AAA is 100 or more, and is not throttled. */
export function anAlertRule(written: Readonly<Record<string, unknown>> = {}, own: Partial<AlertRule> = {}): AlertRule {
  return {
    ...aRuleContent(written),
    id: 'rule',
    revision: 1,
    owner: 'ann',
    createdAtMs: 0,
    updatedAtMs: 0,
    deletedAtMs: null,
    ...own,
  };
}

export function aRuleContent(written: Readonly<Record<string, unknown>> = {}): AlertRuleContent {
  const input = { name: 'A rule', condition: priceAbove(100), throttleMs: 0, ...written };
  const parsed = parseAlertRule(input, () => null);
  if (parsed.kind === 'invalid') throw new Error(`expected a valid rule, got ${JSON.stringify(parsed.issues)}`);
  return parsed.content;
}

export function priceAbove(fireAt: number, clearAt: number = fireAt, subject: string | null = 'AAA'): object {
  return { kind: 'THRESHOLD', source: { of: 'UNDERLYING', subject, metric: 'price' }, direction: 'ABOVE', fireAt, clearAt };
}
