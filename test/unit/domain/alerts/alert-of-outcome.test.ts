import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../../src/domain/alerts/alert.ts';
import { createAlertOfOutcome } from '../../../../src/domain/alerts/alert-of-outcome.ts';
import { compileRule } from '../../../../src/domain/alerts/compiled-rule.ts';
import type { Suppression } from '../../../../src/domain/alerts/decide-notification.ts';
import { evaluateRule } from '../../../../src/domain/alerts/evaluate-rule.ts';
import { initialRuleState } from '../../../../src/domain/alerts/rule-state.ts';
import { anAlertRule } from '../../../support/an-alert-rule.ts';

/** The alerts of one series of a rule that fires at a match for a second; each change as `KIND alert !NOTICE`. */
function anAlertedSeries() {
  const rule = anAlertRule({ condition: { kind: 'MATCH', holdMs: 1_000 } });
  const compiled = compileRule(rule);
  let ids = 0;
  const alertsOf = createAlertOfOutcome({ newId: () => `${++ids}`, templates: { render: (template) => template } });
  let state = initialRuleState(0);
  let newest: Alert | null = null;
  let suppression: Suppression | null = null;
  const names = new Map<string, string>();
  const nameOf = ({ id }: Alert) => {
    if (!names.has(id)) names.set(id, ['first', 'second', 'third'][names.size]!);
    return names.get(id);
  };
  return {
    match(nowMs: number): string[] {
      const context = { nowMs, suppression: () => suppression, seenAtMs: null };
      const result = evaluateRule(compiled, state, { kind: 'RESULT', id: `${nowMs}`, atMs: nowMs, isMatch: true }, context);
      state = result.state;
      const outcome = { rule, ruleId: rule.id, seriesKey: '', group: {}, event: null, isChanged: true, isOver: false, ...result };
      const changes = alertsOf(outcome, newest, nowMs);
      newest = changes.at(-1)?.alert ?? newest;
      return changes.map(({ kind, alert, notify }) => `${kind} ${nameOf(alert)}${notify === null ? '' : ` !${notify}`}`);
    },
    suppress: (by: Suppression | null) => {
      suppression = by;
    },
  };
}

describe('an alert that ends and one that begins in the same step', () => {
  it('are both told: whoever heard of the first one hears of its end', () => {
    const series = anAlertedSeries();
    expect(series.match(1_000)).toEqual(['FIRED first !FIRED']);
    // The end was due at 2,000, and nobody had the time.
    expect(series.match(5_000)).toEqual(['RESOLVED first !RESOLVED', 'FIRED second !FIRED']);
    expect(series.match(9_000)).toEqual(['RESOLVED second !RESOLVED', 'FIRED third !FIRED']);
  });

  it('are told of the second one alone when nobody heard of the first', () => {
    const series = anAlertedSeries();
    series.suppress({ reason: 'SILENCED', untilMs: null });
    expect(series.match(1_000)).toEqual(['FIRED first']);
    series.suppress(null);
    expect(series.match(5_000)).toEqual(['RESOLVED first', 'FIRED second !FIRED']);
  });
});
