import { beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '../../../../src/domain/alerts/alert.ts';
import type { AlertChange, AlertChangeKind } from '../../../../src/domain/alerts/alert-change.ts';
import { createMessageTemplates } from '../../../../src/domain/alerts/message-templates.ts';
import { createEvaluation, type Evaluation } from '../../../../src/services/alerts/evaluation.ts';
import { createEvaluatorInbox, type EvaluatorInbox } from '../../../../src/services/alerts/evaluator-inbox.ts';
import { anAlert } from '../../../support/an-alert.ts';
import { anAlertRule } from '../../../support/an-alert-rule.ts';

const ANN = { subject: 'ann', kind: 'TOKEN' };
const SERIES = '["AAA"]';

let evaluation: Evaluation;
let inbox: EvaluatorInbox;
let hear: (changes: readonly AlertChange[]) => void;
let nowMs: number;

beforeEach(() => {
  nowMs = 1_000;
  evaluation = createEvaluation({ templates: createMessageTemplates(), mayRead: () => true, clock: () => nowMs });
  inbox = createEvaluatorInbox(
    {
      alertChanges: {
        follow: (handler: typeof hear) => {
          hear = handler;
          return () => {};
        },
      },
      settingChanges: { follow: () => () => {} },
      metrics: { rules: () => {} },
    } as unknown as Parameters<typeof createEvaluatorInbox>[0],
    () => {},
  );
});

function change(sequence: number, kind: AlertChangeKind, alert: Alert, actor: AlertChange['actor'] = ANN): AlertChange {
  return { id: `change ${sequence}`, sequence, atMs: nowMs, kind, actor, comment: null, alert, notify: null, channelIds: [] };
}

/** As the evaluator does with what it has stored. */
const store = ({ alert, sequence }: AlertChange) => evaluation.registry.putAlert(alert, sequence);
const take = () => inbox.take(evaluation, nowMs);

describe('what people do with an alert', () => {
  const one = anAlert({ id: 'one', ruleId: 'rule', seriesKey: SERIES });
  const snoozed = { ...one, status: 'SNOOZED', snoozedUntilMs: 2_000 } as const;
  const over = { ...one, status: 'RESOLVED', resolvedAtMs: 1_500 } as const;

  it('does not bring it back when it is heard of after the end that was stored behind it', () => {
    const [first, end] = [change(1, 'FIRED', one, null), change(3, 'RESOLVED', over, null)];
    store(first);
    store(end);
    hear([first, change(2, 'SNOOZED', snoozed)]);
    const isForgotten = () => {
      take();
      expect(evaluation.registry.isOpen('rule', SERIES)).toBe(false);
      expect(evaluation.registry.dueSnoozes(3_000)).toEqual([]);
      expect(evaluation.registry.nextDeadlineMs(3_000)).toBe(Number.POSITIVE_INFINITY);
    };
    isForgotten();
    hear([end]);
    isForgotten();
  });

  it('does not bring it back either when another process has stored its end', () => {
    hear([change(2, 'SNOOZED', snoozed), change(3, 'RESOLVED', over, null)]);
    take();
    expect(evaluation.registry.dueSnoozes(3_000)).toEqual([]);
  });

  it('counts when it is heard of in time', () => {
    store(change(1, 'FIRED', one, null));
    hear([change(1, 'FIRED', one, null), change(2, 'SNOOZED', snoozed)]);
    take();
    expect(evaluation.registry.dueSnoozes(3_000)).toEqual([snoozed]);
  });
});

describe('an alert that somebody has resolved', () => {
  const price = (value: number) =>
    ({ kind: 'METRIC', sample: { of: 'UNDERLYING', subject: 'AAA', metric: 'price', value, atMs: ++nowMs, id: `at ${nowMs}` } }) as const;
  const accept = (value: number) => evaluation.engine.accept(price(value), nowMs);
  const resolved = (sequence: number, { alert }: AlertChange) =>
    change(sequence, 'RESOLVED', { ...alert, status: 'RESOLVED', resolvedAtMs: nowMs });
  const fired = (sequence: number, id: string) =>
    change(sequence, 'FIRED', anAlert({ id, ruleId: 'rule', seriesKey: accept(101)[0]!.seriesKey }), null);

  beforeEach(() => {
    evaluation.engine.put(anAlertRule(), nowMs);
  });

  it('is over for its rule', () => {
    const first = fired(1, 'one');
    store(first);
    hear([first, resolved(2, first)]);
    expect(take().flatMap(({ transitions }) => transitions)).toMatchObject([{ to: 'NORMAL', reason: 'RESOLVED_BY_HAND' }]);
  });

  it('is not the next one of its series, which has fired before that is heard of', () => {
    const first = fired(1, 'one');
    store(first);
    accept(99);
    const next = fired(4, 'two');
    store(next);
    hear([first, change(2, 'COMMENTED', first.alert), resolved(3, first), next]);
    expect(take()).toEqual([]);
    expect(evaluation.registry.isOpen('rule', next.alert.seriesKey)).toBe(true);
  });
});
