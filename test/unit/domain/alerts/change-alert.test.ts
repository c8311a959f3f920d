import { describe, expect, it } from 'vitest';
import { type AlertAction, changeAlert, LONGEST_SNOOZE_MS, wakeAlert } from '../../../../src/domain/alerts/change-alert.ts';
import { anAlert } from '../../../support/an-alert.ts';

const NOW_MS = 5000;
const acknowledge: AlertAction = { kind: 'ACKNOWLEDGE', by: 'ann' };
const snooze = (untilMs: number): AlertAction => ({ kind: 'SNOOZE', untilMs });

describe('an alert', () => {
  it('is acknowledged once, by name', () => {
    const result = changeAlert(anAlert(), acknowledge, NOW_MS);
    expect(result).toMatchObject({
      kind: 'changed',
      change: 'ACKNOWLEDGED',
      alert: { status: 'ACKNOWLEDGED', acknowledgedAtMs: NOW_MS, acknowledgedBy: 'ann' },
    });
    const again = changeAlert((result as { alert: ReturnType<typeof anAlert> }).alert, { kind: 'ACKNOWLEDGE', by: 'bob' }, NOW_MS);
    expect(again).toMatchObject({ kind: 'refused', reason: 'ALREADY_ACKNOWLEDGED', message: expect.stringContaining('ann') });
  });

  it('given back fires and escalates from the beginning', () => {
    const alert = anAlert({
      status: 'ACKNOWLEDGED',
      acknowledgedBy: 'ann',
      acknowledgedAtMs: 1,
      escalation: { startedAtMs: 1, stepsDone: 3 },
    });
    expect(changeAlert(alert, { kind: 'UNACKNOWLEDGE' }, NOW_MS)).toMatchObject({
      change: 'UNACKNOWLEDGED',
      alert: { status: 'FIRING', acknowledgedBy: null, escalation: { startedAtMs: NOW_MS, stepsDone: 0 } },
    });
    expect(changeAlert(anAlert(), { kind: 'UNACKNOWLEDGE' }, NOW_MS)).toMatchObject({ reason: 'NOT_ACKNOWLEDGED' });
  });

  it('is put off for a while, neither too short nor too long', () => {
    expect(changeAlert(anAlert(), snooze(NOW_MS + 1000), NOW_MS)).toMatchObject({
      change: 'SNOOZED',
      alert: { snoozedUntilMs: NOW_MS + 1000 },
    });
    expect(changeAlert(anAlert(), snooze(NOW_MS + 999), NOW_MS)).toMatchObject({ reason: 'SNOOZE_TOO_SHORT' });
    expect(changeAlert(anAlert(), snooze(Number.NaN), NOW_MS)).toMatchObject({ reason: 'SNOOZE_TOO_SHORT' });
    expect(changeAlert(anAlert(), snooze(NOW_MS + LONGEST_SNOOZE_MS), NOW_MS)).toMatchObject({ kind: 'changed' });
    expect(changeAlert(anAlert(), snooze(NOW_MS + LONGEST_SNOOZE_MS + 1), NOW_MS)).toMatchObject({ reason: 'SNOOZE_TOO_LONG' });
  });

  it('wakes when the snooze is over', () => {
    const alert = anAlert({ status: 'SNOOZED', snoozedUntilMs: NOW_MS });
    expect(wakeAlert(alert, NOW_MS - 1)).toBeNull();
    expect(wakeAlert(alert, NOW_MS)).toMatchObject({ change: 'UNSNOOZED', alert: { status: 'FIRING', snoozedUntilMs: null } });
  });

  it('that is over takes comments and nothing else', () => {
    const resolved = anAlert({ status: 'RESOLVED', resolvedAtMs: 2000 });
    for (const action of [
      acknowledge,
      snooze(9e6),
      { kind: 'RESOLVE' },
      { kind: 'UNSNOOZE' },
      { kind: 'UNACKNOWLEDGE' },
    ] as AlertAction[]) {
      expect(changeAlert(resolved, action, NOW_MS)).toMatchObject({ kind: 'refused', reason: 'ALREADY_RESOLVED' });
    }
    expect(changeAlert(resolved, { kind: 'COMMENT' }, NOW_MS)).toMatchObject({ change: 'COMMENTED', alert: resolved });
  });

  it('is resolved from any other status', () => {
    for (const status of ['FIRING', 'ACKNOWLEDGED', 'SNOOZED'] as const) {
      expect(changeAlert(anAlert({ status }), { kind: 'RESOLVE' }, NOW_MS)).toMatchObject({
        change: 'RESOLVED',
        alert: { resolvedAtMs: NOW_MS, resolveReason: 'RESOLVED_BY_HAND' },
      });
    }
  });
});
