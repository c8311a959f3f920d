import { describe, expect, it } from 'vitest';
import { dueSteps } from '../../../../src/domain/alerts/due-steps.ts';
import { parseEscalationPolicy } from '../../../../src/domain/alerts/escalation-policy.ts';
import { anAlert } from '../../../support/an-alert.ts';

const policy = {
  steps: [
    { delayMs: 0, channelIds: ['first'] },
    { delayMs: 1000, channelIds: ['second'] },
  ],
  repeats: 1,
};
const alertAfter = (stepsDone: number) => anAlert({ escalation: { startedAtMs: 0, stepsDone } });
const ordinals = (stepsDone: number, nowMs: number) => dueSteps(policy, alertAfter(stepsDone), nowMs).steps.map(({ ordinal }) => ordinal);

describe('an escalation', () => {
  it('does each step when its delay since the one before is over, and all of them again', () => {
    expect(dueSteps(policy, alertAfter(0), 0)).toEqual({
      steps: [{ ordinal: 0, round: 0, stepIndex: 0, dueAtMs: 0, channelIds: ['first'] }],
      nextAtMs: 1000,
    });
    expect(dueSteps(policy, alertAfter(1), 999)).toEqual({ steps: [], nextAtMs: 1000 });
    expect(ordinals(1, 1000)).toEqual([1, 2]);
    expect(dueSteps(policy, alertAfter(3), 1500)).toEqual({ steps: [], nextAtMs: 2000 });
    expect(dueSteps(policy, alertAfter(3), 9000)).toMatchObject({
      steps: [{ ordinal: 3, round: 1, stepIndex: 1, dueAtMs: 2000 }],
      nextAtMs: null,
    });
    expect(dueSteps(policy, alertAfter(4), 9000)).toEqual({ steps: [], nextAtMs: null });
  });

  it('catches up on what was due while nobody looked', () => {
    expect(ordinals(0, 9000)).toEqual([0, 1, 2, 3]);
  });

  it.each(['ACKNOWLEDGED', 'SNOOZED', 'RESOLVED'] as const)('stops when the alert is %s', (status) => {
    expect(dueSteps(policy, { ...alertAfter(0), status }, 9000)).toEqual({ steps: [], nextAtMs: null });
  });
});

describe('an escalation policy from outside', () => {
  it('is told everything that is wrong with it', () => {
    const parsed = parseEscalationPolicy({ name: '', steps: [{ delayMs: -1, channelIds: [] }], repeats: 99 });
    const paths = parsed.kind === 'invalid' ? parsed.issues.map(({ path }) => path).toSorted() : [];
    expect(paths).toEqual(['name', 'repeats', 'steps.0.channelIds', 'steps.0.delayMs']);
  });

  it('needs a step, and a delay to be repeated', () => {
    expect(parseEscalationPolicy({ name: 'x', steps: [] })).toMatchObject({ issues: [{ path: 'steps' }] });
    expect(parseEscalationPolicy({ name: 'x', steps: [{ delayMs: 0, channelIds: ['a'] }], repeats: 1 })).toMatchObject({
      issues: [{ path: 'repeats' }],
    });
    expect(parseEscalationPolicy({ name: 'x', steps: [{ delayMs: 0, channelIds: ['a', 'a'] }] })).toEqual({
      kind: 'valid',
      content: { name: 'x', steps: [{ delayMs: 0, channelIds: ['a'] }], repeats: 0 },
    });
  });
});
