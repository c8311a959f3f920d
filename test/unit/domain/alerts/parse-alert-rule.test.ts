import { describe, expect, it } from 'vitest';
import { parseAlertRule } from '../../../../src/domain/alerts/parse-alert-rule.ts';
import { writtenTimeWindow } from '../../../../src/domain/alerts/parse-time-window.ts';
import { priceAbove } from '../../../support/an-alert-rule.ts';

const noTemplateIssue = () => null;
const parse = (input: unknown) => parseAlertRule(input, noTemplateIssue);

function issuesOf(input: unknown): Record<string, string> {
  const parsed = parse(input);
  return parsed.kind === 'valid' ? {} : Object.fromEntries(parsed.issues.map(({ path, message }) => [path, message]));
}

describe('a rule from outside', () => {
  it('needs a name and a condition; the rest has defaults', () => {
    expect(parse({ name: ' Price ', condition: priceAbove(100) })).toEqual({
      kind: 'valid',
      content: {
        name: 'Price',
        description: '',
        condition: {
          kind: 'THRESHOLD',
          source: { of: 'UNDERLYING', subject: 'AAA', metric: 'price' },
          direction: 'ABOVE',
          fireAt: 100,
          clearAt: 100,
        },
        forMs: 0,
        keepFiringMs: 0,
        occurrences: null,
        throttleMs: 30_000,
        dedupKey: null,
        groupBy: ['symbol'],
        severity: 'WARNING',
        labels: {},
        message: null,
        activeWindows: [],
        muteWindows: [],
        expiresAtMs: null,
        enabled: true,
        visibility: 'SHARED',
        channelIds: [],
        escalationPolicyId: null,
      },
    });
  });

  it('is told everything that is wrong with it at once', () => {
    const issues = issuesOf({
      name: '',
      condition: { kind: 'MATCH', criteria: { metrics: { delat: { min: 1 } } }, holdMs: 1, colour: 'red' },
      forMs: -1,
      occurrences: { n: 3, m: 2 },
      severity: 'CRITICL',
      labels: { 'not a name': 'x', severity: 'mine', empty: '' },
      muteWindows: [{ from: '25:00', timeZone: 'Mars/Olympus', days: ['MOONDAY'] }],
      groupBy: ['service'],
      surprise: 1,
    });
    expect(Object.keys(issues).toSorted()).toEqual([
      'condition.colour',
      'condition.criteria.metrics.delat',
      'condition.holdMs',
      'forMs',
      'groupBy.0',
      'labels.empty',
      'labels.not a name',
      'labels.severity',
      'muteWindows.0.days.0',
      'muteWindows.0.from',
      'muteWindows.0.timeZone',
      'name',
      'occurrences.n',
      'severity',
      'surprise',
    ]);
    expect(issues.severity).toContain('did you mean CRITICAL?');
  });

  it.each([null, 5, 'text', [], { name: 'x' }, { name: 'x', condition: { kind: 'NONE' } }, { name: 'x', condition: [] }])(
    'that is %j is none',
    (input) => {
      expect(parse(input).kind).toBe('invalid');
    },
  );

  it('says which way levels must be ordered', () => {
    expect(issuesOf({ name: 'x', condition: priceAbove(100, 101) })).toHaveProperty(['condition.clearAt']);
    expect(issuesOf({ name: 'x', condition: { ...priceAbove(100, 99), direction: 'BELOW' } })).toHaveProperty(['condition.clearAt']);
    expect(
      issuesOf({
        name: 'x',
        condition: { kind: 'CHANGE', source: { of: 'UNDERLYING', metric: 'price' }, windowMs: 60_000, measure: 'RELATIVE', fireAt: -0.1 },
      }),
    ).toHaveProperty(['condition.fireAt']);
  });

  it('about each underlying has a series for each', () => {
    const parsed = parse({ name: 'x', condition: { kind: 'ANOMALY', source: { of: 'UNDERLYING', metric: 'impliedVolatility30d' } } });
    expect(parsed).toMatchObject({
      content: {
        groupBy: ['symbol'],
        condition: { source: { subject: null }, samples: 120, minimumSamples: 20, fireAt: 3.5, clearAt: 3.5, direction: 'EITHER' },
      },
    });
  });

  it('keeps what it was when its windows are written again', () => {
    const parsed = parse({
      name: 'x',
      condition: priceAbove(1),
      activeWindows: [{ days: ['FRIDAY', 'MONDAY'], from: '22:30', to: '06:00', timeZone: 'Europe/Berlin', calendar: 'US_MARKET_DAYS' }],
    });
    const window = parsed.kind === 'valid' ? parsed.content.activeWindows[0]! : null;
    expect(window).toMatchObject({ days: ['MONDAY', 'FRIDAY'], fromMinute: 1350, toMinute: 360 });
    expect(parse({ name: 'x', condition: priceAbove(1), activeWindows: [writtenTimeWindow(window!)] })).toMatchObject({
      content: { activeWindows: [window] },
    });
  });

  it('asks whether its templates are valid', () => {
    const parsed = parseAlertRule(
      { name: 'x', condition: priceAbove(1), dedupKey: 'good', message: { title: 'bad', body: 'good' } },
      (text) => (text === 'bad' ? 'expected a template' : null),
    );
    expect(parsed).toEqual({ kind: 'invalid', issues: [{ path: 'message.title', message: 'expected a template' }] });
  });
});
