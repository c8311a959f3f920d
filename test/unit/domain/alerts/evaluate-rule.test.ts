import { describe, expect, it } from 'vitest';
import type { AlertRule } from '../../../../src/domain/alerts/alert-rule.ts';
import { compileRule } from '../../../../src/domain/alerts/compiled-rule.ts';
import type { Suppression } from '../../../../src/domain/alerts/decide-notification.ts';
import { type EvaluationContext, evaluateRule, nextDeadline } from '../../../../src/domain/alerts/evaluate-rule.ts';
import { applyReset, resolveByHand } from '../../../../src/domain/alerts/reset-by.ts';
import type { RuleInput } from '../../../../src/domain/alerts/rule-input.ts';
import { initialRuleState } from '../../../../src/domain/alerts/rule-state.ts';
import { anAlertRule, priceAbove } from '../../../support/an-alert-rule.ts';

/** One series of a rule, which tells each transition as `FROM>TO REASON` and each notification as `!NOTICE`. */
function aSeries(rule: AlertRule) {
  const compiled = compileRule(rule);
  let state = initialRuleState(0);
  let samples = 0;
  let suppression: Suppression | null = null;
  let seenAtMs: number | null = null;
  const context = (nowMs: number): EvaluationContext => ({ nowMs, suppression: () => suppression, seenAtMs });

  function feed(input: RuleInput, nowMs: number): string[] {
    const result = evaluateRule(compiled, state, input, context(nowMs));
    state = result.state;
    const told = result.transitions.map(({ from, to, reason, atMs }) => `${from}>${to} ${reason}${atMs === nowMs ? '' : ` @${atMs}`}`);
    return result.notify.send === null ? told : [...told, `!${result.notify.send}`];
  }
  return {
    value: (value: number | null, nowMs: number, atMs = nowMs, id = `s${++samples}`) => feed({ kind: 'NUMBER', id, atMs, value }, nowMs),
    result: (isMatch: boolean, nowMs: number) => feed({ kind: 'RESULT', id: `s${++samples}`, atMs: nowMs, isMatch }, nowMs),
    member: (member: string, isIn: boolean, nowMs: number, isKnown = false) =>
      feed({ kind: 'MEMBER', id: `s${++samples}`, atMs: nowMs, member, isIn, isKnown }, nowMs),
    presence(nowMs: number) {
      const told = feed({ kind: 'PRESENCE', id: `s${++samples}`, atMs: nowMs }, nowMs);
      seenAtMs = nowMs;
      return told;
    },
    time: (nowMs: number) => feed({ kind: 'TIME' }, nowMs),
    suppress: (by: Suppression | null) => {
      suppression = by;
    },
    deadline: (nowMs: number) => nextDeadline(compiled, state, context(nowMs)),
    resolve(nowMs: number) {
      state = resolveByHand(compiled, state, nowMs).state;
    },
    reset(nowMs: number) {
      const reset = applyReset(state, 'ALL', nowMs);
      state = reset.state;
      return reset.transitions;
    },
    state: () => state,
  };
}

describe('a rule on a level', () => {
  it('fires at the level itself and ends below the level of clearing', () => {
    const series = aSeries(anAlertRule({ condition: priceAbove(100, 90) }));
    expect(series.value(99.9, 1)).toEqual([]);
    expect(series.value(100, 2)).toEqual(['NORMAL>FIRING CONDITION_MET', '!FIRED']);
    expect(series.value(90, 3)).toEqual([]);
    expect(series.value(100, 4)).toEqual([]);
    expect(series.value(89.9, 5)).toEqual(['FIRING>NORMAL CONDITION_ENDED', '!RESOLVED']);
    expect(series.value(95, 6)).toEqual([]);
  });

  it('below a level fires and ends the other way round', () => {
    const condition = { ...priceAbove(10, 12), direction: 'BELOW' };
    const series = aSeries(anAlertRule({ condition }));
    expect(series.value(10.1, 1)).toEqual([]);
    expect(series.value(10, 2)).toContain('!FIRED');
    expect(series.value(12, 3)).toEqual([]);
    expect(series.value(12.1, 4)).toContain('!RESOLVED');
  });

  it('is left as it is by unknown, late and repeated values', () => {
    const series = aSeries(anAlertRule());
    series.value(120, 10, 10, 'first');
    expect(series.value(null, 11)).toEqual([]);
    expect(series.value(50, 12, 9)).toEqual([]);
    expect(series.value(50, 13, 11, 'second')).toEqual(['FIRING>NORMAL CONDITION_ENDED', '!RESOLVED']);
    expect(series.value(120, 14, 11, 'second')).toEqual([]);
    expect(series.state().phase).toBe('NORMAL');
  });

  it('waits until the condition has held long enough, and fires at that moment however late it is noticed', () => {
    const series = aSeries(anAlertRule({ forMs: 1000 }));
    expect(series.value(100, 500)).toEqual(['NORMAL>PENDING CONDITION_MET']);
    expect(series.deadline(500)).toBe(1500);
    expect(series.time(1499)).toEqual([]);
    expect(series.time(1700)).toEqual(['PENDING>FIRING CONDITION_MET_LONG_ENOUGH @1500', '!FIRED']);
  });

  it('stops waiting as soon as the value is below the level of firing', () => {
    const series = aSeries(anAlertRule({ forMs: 1000, condition: priceAbove(100, 50) }));
    series.value(100, 0);
    expect(series.value(99, 999)).toEqual(['PENDING>NORMAL CONDITION_ENDED']);
    expect(series.time(5000)).toEqual([]);
  });

  it('goes on firing for a while after the end, and is the same alert when it comes back', () => {
    const series = aSeries(anAlertRule({ keepFiringMs: 1000 }));
    series.value(100, 0);
    expect(series.value(1, 100)).toEqual(['FIRING>RECOVERING CONDITION_ENDED']);
    expect(series.value(100, 200)).toEqual(['RECOVERING>FIRING CONDITION_MET_AGAIN']);
    expect(series.value(1, 300)).toEqual(['FIRING>RECOVERING CONDITION_ENDED']);
    expect(series.time(1299)).toEqual([]);
    expect(series.time(1300)).toEqual(['RECOVERING>NORMAL CONDITION_ENDED_LONG_ENOUGH', '!RESOLVED']);
    expect(series.state().episode).toBe(1);
  });

  it('with 2 of 3 fires on the second hit and ends when only one is left', () => {
    const series = aSeries(anAlertRule({ occurrences: { n: 2, m: 3 } }));
    expect(series.value(100, 1)).toEqual([]);
    expect(series.value(1, 2)).toEqual([]);
    expect(series.value(100, 3)).toContain('!FIRED');
    expect(series.value(1, 4)).toEqual(['FIRING>NORMAL CONDITION_ENDED', '!RESOLVED']);
  });
});

describe('a throttled rule', () => {
  it('tells of a new alert when the time is over, if it is still there', () => {
    const series = aSeries(anAlertRule({ throttleMs: 1000 }));
    expect(series.value(100, 0)).toContain('!FIRED');
    expect(series.value(1, 100)).toEqual(['FIRING>NORMAL CONDITION_ENDED']);
    expect(series.value(100, 200)).toEqual(['NORMAL>FIRING CONDITION_MET']);
    expect(series.deadline(200)).toBe(1000);
    expect(series.time(999)).toEqual([]);
    expect(series.time(1000)).toEqual(['!FIRED']);
  });

  it('tells once that the alert is over, and nothing of one that came and went meanwhile', () => {
    const series = aSeries(anAlertRule({ throttleMs: 1000 }));
    series.value(100, 0);
    series.value(1, 100);
    series.value(100, 200);
    series.value(1, 300);
    expect(series.time(1000)).toEqual(['!RESOLVED']);
    expect(series.time(9000)).toEqual([]);
  });
});

describe('what keeps notifications back', () => {
  it('a mute window keeps still until it ends, then tells what is still true', () => {
    // 1970-01-01 was a Thursday.
    const series = aSeries(anAlertRule({ muteWindows: [{ from: '00:00', to: '01:00' }] }));
    expect(series.value(100, 1000)).toEqual(['NORMAL>FIRING CONDITION_MET']);
    expect(series.deadline(1000)).toBe(3_600_000);
    expect(series.time(3_599_999)).toEqual([]);
    expect(series.time(3_600_000)).toEqual(['!FIRED']);
  });

  it('a silence does the same', () => {
    const series = aSeries(anAlertRule());
    series.suppress({ reason: 'SILENCED', untilMs: 500 });
    expect(series.value(100, 1)).toEqual(['NORMAL>FIRING CONDITION_MET']);
    expect(series.deadline(1)).toBe(500);
    series.suppress(null);
    expect(series.time(500)).toEqual(['!FIRED']);
  });

  it('who has acknowledged hears of the end, not of further matches', () => {
    const series = aSeries(anAlertRule({ condition: { kind: 'MATCH', holdMs: 1000 } }));
    expect(series.result(true, 0)).toContain('!FIRED');
    series.suppress({ reason: 'ACKNOWLEDGED', untilMs: null });
    expect(series.result(true, 500)).toEqual([]);
    expect(series.time(1500)).toContain('!RESOLVED');
  });
});

describe('a rule of matches', () => {
  it('holds as long as each match counts, and tells of further ones', () => {
    const series = aSeries(anAlertRule({ condition: { kind: 'MATCH', holdMs: 1000 } }));
    expect(series.result(true, 0)).toEqual(['NORMAL>FIRING CONDITION_MET', '!FIRED']);
    expect(series.result(false, 10)).toEqual([]);
    expect(series.result(true, 900)).toEqual(['!AGAIN']);
    expect(series.deadline(900)).toBe(1900);
    expect(series.time(1899)).toEqual([]);
    expect(series.time(1900)).toEqual(['FIRING>NORMAL CONDITION_ENDED', '!RESOLVED']);
  });

  it('with `for` fires only when matches follow one another', () => {
    const series = aSeries(anAlertRule({ forMs: 1500, condition: { kind: 'MATCH', holdMs: 1000 } }));
    series.result(true, 0);
    expect(series.time(1500)).toEqual(['PENDING>NORMAL CONDITION_ENDED @1000']);
    series.result(true, 2000);
    series.result(true, 2900);
    expect(series.time(3500)).toContain('PENDING>FIRING CONDITION_MET_LONG_ENOUGH');
  });
});

describe('a rule of a screen', () => {
  const on = (direction: string) => anAlertRule({ condition: { kind: 'ENTER_EXIT', on: direction, holdMs: 1000 }, groupBy: ['filter'] });

  it('of entering fires while something is in it, and tells of each newcomer', () => {
    const series = aSeries(on('ENTER'));
    expect(series.member('a', true, 1)).toEqual(['NORMAL>FIRING CONDITION_MET', '!FIRED']);
    expect(series.member('a', true, 2)).toEqual([]);
    expect(series.member('b', true, 3)).toEqual(['!AGAIN']);
    expect(series.member('a', false, 4)).toEqual([]);
    expect(series.member('b', false, 5)).toEqual(['FIRING>NORMAL CONDITION_ENDED', '!RESOLVED']);
  });

  it('tells nothing of what has long been there, but of its going', () => {
    const series = aSeries(on('EXIT'));
    expect(series.member('a', true, 1, true)).toEqual([]);
    expect(series.member('b', false, 2)).toEqual([]);
    expect(series.member('a', false, 3)).toEqual(['NORMAL>FIRING CONDITION_MET', '!FIRED']);
    expect(series.time(1003)).toContain('!RESOLVED');
  });
});

describe('a rule of absence', () => {
  const rule = (more: object = {}) =>
    anAlertRule({
      condition: { kind: 'ABSENCE', source: { of: 'SERVICE', subject: 'broker', metric: 'heartbeat' }, afterMs: 1000 },
      ...more,
    });

  it('fires when nothing has come for so long, and ends with the next sign', () => {
    const series = aSeries(rule());
    expect(series.time(0)).toEqual([]);
    expect(series.deadline(0)).toBe(1000);
    series.presence(600);
    expect(series.deadline(600)).toBe(1600);
    expect(series.time(1599)).toEqual([]);
    expect(series.time(1600)).toEqual(['NORMAL>FIRING CONDITION_MET', '!FIRED']);
    expect(series.presence(2000)).toEqual(['FIRING>NORMAL CONDITION_ENDED', '!RESOLVED']);
  });

  it('counts from the beginning of its active window', () => {
    const series = aSeries(rule({ activeWindows: [{ from: '01:00', to: '02:00' }] }));
    series.presence(0);
    expect(series.time(1_800_000)).toEqual([]);
    expect(series.deadline(1_800_000)).toBe(3_600_000);
    expect(series.time(3_600_000)).toEqual([]);
    expect(series.time(3_601_000)).toContain('!FIRED');
    expect(series.time(7_200_000)).toEqual(['FIRING>NORMAL WINDOW_ENDED', '!RESOLVED']);
  });
});

describe('the end of a rule', () => {
  it('by expiry ends its alert', () => {
    const series = aSeries(anAlertRule({ expiresAtMs: 1000 }));
    series.value(100, 1);
    expect(series.deadline(1)).toBe(1000);
    expect(series.time(1000)).toEqual(['FIRING>NORMAL RULE_EXPIRED', '!RESOLVED']);
    expect(series.value(100, 1001)).toEqual([]);
  });

  it('by an edit of what it is about ends its alert', () => {
    const series = aSeries(anAlertRule());
    series.value(100, 1);
    expect(series.reset(2)).toEqual([{ from: 'FIRING', to: 'NORMAL', reason: 'RULE_CHANGED', atMs: 2 }]);
    expect(series.time(2)).toEqual(['!RESOLVED']);
  });
});

describe('an alert resolved by hand', () => {
  it('fires again only when the condition has ended in between', () => {
    const series = aSeries(anAlertRule());
    series.value(100, 1);
    series.resolve(2);
    expect(series.value(101, 3)).toEqual(['!RESOLVED']);
    expect(series.value(102, 4)).toEqual([]);
    expect(series.value(50, 5)).toEqual([]);
    expect(series.value(100, 6)).toEqual(['NORMAL>FIRING CONDITION_MET', '!FIRED']);
  });

  it('that has ended before leaves the one alone that is pending', () => {
    const series = aSeries(anAlertRule({ forMs: 1_000 }));
    series.value(100, 0);
    expect(series.time(1_000)).toEqual(['PENDING>FIRING CONDITION_MET_LONG_ENOUGH', '!FIRED']);
    series.value(50, 1_100);
    series.value(100, 1_200);
    series.resolve(1_300);
    expect(series.state()).toMatchObject({ phase: 'PENDING', isLatched: false });
    expect(series.time(2_200)).toEqual(['PENDING>FIRING CONDITION_MET_LONG_ENOUGH', '!FIRED']);
  });

  it('fires again with the next match, which is another', () => {
    const series = aSeries(anAlertRule({ condition: { kind: 'MATCH', holdMs: 1000 } }));
    series.result(true, 1);
    series.resolve(2);
    expect(series.result(true, 3)).toEqual(['NORMAL>FIRING CONDITION_MET', '!FIRED']);
  });
});

describe('a clock that goes back', () => {
  it('neither fires early nor forgets what it has waited for', () => {
    const series = aSeries(anAlertRule({ forMs: 1000 }));
    series.value(100, 10_000);
    series.time(10_600);
    expect(series.time(5_000)).toEqual([]);
    expect(series.time(5_399)).toEqual([]);
    expect(series.time(5_400)).toEqual(['PENDING>FIRING CONDITION_MET_LONG_ENOUGH', '!FIRED']);
  });
});
