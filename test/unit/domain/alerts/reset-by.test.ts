import { describe, expect, it } from 'vitest';
import { applyReset, resetBy } from '../../../../src/domain/alerts/reset-by.ts';
import { initialRuleState, type RulePhase } from '../../../../src/domain/alerts/rule-state.ts';
import { aRuleContent, priceAbove } from '../../../support/an-alert-rule.ts';

const before = aRuleContent({ condition: priceAbove(100, 90) });
const edited = (change: object) => resetBy(before, aRuleContent({ condition: priceAbove(100, 90), ...change }));
const inPhase = (phase: RulePhase) => ({ ...initialRuleState(0), phase, episode: 1, hits: '01' });

describe('an edit of a rule', () => {
  it('of what it says, whom it tells and when resets nothing', () => {
    const change = {
      name: 'b',
      labels: { desk: 'x' },
      throttleMs: 5,
      keepFiringMs: 9,
      severity: 'INFO',
      channelIds: ['c'],
      muteWindows: [{}],
      enabled: false,
    };
    expect(edited(change)).toBe('NOTHING');
  });

  it.each([{ forMs: 5 }, { occurrences: { n: 1, m: 2 } }, { condition: priceAbove(100, 80) }, { condition: priceAbove(110, 90) }])(
    'of when it fires (%j) begins the waiting anew',
    (change) => {
      expect(edited(change)).toBe('WAITING');
    },
  );

  it.each([
    { condition: priceAbove(100, 90, 'BBB') },
    { condition: { ...priceAbove(100, 100), direction: 'BELOW' } },
    { condition: { kind: 'MATCH' } },
    { condition: { kind: 'ABSENCE', source: { of: 'UNDERLYING', subject: 'AAA', metric: 'price' }, afterMs: 1000 } },
  ])('of what it is about (%j) resets everything', (change) => {
    expect(edited(change)).toBe('ALL');
  });

  it('that begins the waiting anew leaves alerts alone', () => {
    expect(applyReset(inPhase('FIRING'), 'WAITING', 5)).toMatchObject({ state: { phase: 'FIRING', hits: null }, transitions: [] });
    expect(applyReset(inPhase('PENDING'), 'WAITING', 5)).toMatchObject({
      state: { phase: 'NORMAL', sinceMs: 5 },
      transitions: [{ reason: 'RULE_CHANGED' }],
    });
  });

  it('that resets everything remembers what receivers were told', () => {
    const told = { episode: 1, matches: 1, isFiring: true, atMs: 1 };
    expect(applyReset({ ...inPhase('RECOVERING'), told }, 'ALL', 5)).toMatchObject({
      state: { phase: 'NORMAL', hits: null, episode: 1, told },
      transitions: [{ from: 'RECOVERING', to: 'NORMAL', reason: 'RULE_CHANGED' }],
    });
  });
});
