import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlertEngine, createAlertEngine } from '../../../../src/domain/alerts/alert-engine.ts';
import type { AlertEvent } from '../../../../src/domain/alerts/alert-event.ts';
import { type AlertRule, type GroupValues, seriesKeyOf } from '../../../../src/domain/alerts/alert-rule.ts';
import { type CompiledRule, compileRule } from '../../../../src/domain/alerts/compiled-rule.ts';
import { evaluateRule } from '../../../../src/domain/alerts/evaluate-rule.ts';
import type { RuleInput } from '../../../../src/domain/alerts/rule-input.ts';
import type { RuleOutcome } from '../../../../src/domain/alerts/rule-outcome.ts';
import { initialRuleState, type RuleState } from '../../../../src/domain/alerts/rule-state.ts';
import { createSeriesWindow, type SeriesWindow } from '../../../../src/domain/alerts/series-window.ts';
import { aResultDraft } from '../../../support/a-result-draft.ts';
import { anAlertRule, priceAbove } from '../../../support/an-alert-rule.ts';

const anEngine = () => createAlertEngine({ suppressionOf: () => null });

/** `rule series: transitions !notice`, of what is worth telling. */
function told(outcomes: readonly RuleOutcome[]): string[] {
  return outcomes.flatMap(({ ruleId, seriesKey, transitions, notify }) => tell(ruleId, seriesKey, transitions, notify.send));
}

function tell(ruleId: string, key: string, transitions: RuleOutcome['transitions'], send: string | null): string[] {
  if (transitions.length === 0 && send === null) return [];
  return [`${ruleId} ${key}: ${transitions.map(({ from, to, atMs }) => `${from}>${to}@${atMs}`).join(' ')} ${send ?? ''}`];
}

function price(value: number | null, atMs: number, subject = 'AAA', id = `s${atMs}`): AlertEvent {
  return { kind: 'METRIC', sample: { of: 'UNDERLYING', subject, metric: 'price', value, atMs, id } };
}

/** Tries every rule on every event, with a window of its own for each series. */
function createBruteForce(rules: readonly AlertRule[]) {
  interface Series {
    state: RuleState;
    readonly group: GroupValues;
    readonly window: SeriesWindow | null;
    atMs: number;
    id: string;
    seenAtMs: number | null;
  }
  const all = rules.map((rule) => ({ compiled: compileRule(rule), series: new Map<string, Series>() }));

  function seriesOf({ compiled, series }: (typeof all)[number], group: GroupValues, nowMs: number): Series {
    const key = seriesKeyOf(compiled.rule.groupBy, group);
    const window = compiled.transform ? createSeriesWindow(compiled.transform) : null;
    const known = series.get(key) ?? {
      state: initialRuleState(nowMs),
      group,
      window,
      atMs: Number.NEGATIVE_INFINITY,
      id: '',
      seenAtMs: null,
    };
    series.set(key, known);
    return known;
  }
  function step({ rule }: CompiledRule, compiled: CompiledRule, one: Series, input: RuleInput, nowMs: number): string[] {
    one.seenAtMs = one.seenAtMs === null ? null : Math.min(one.seenAtMs, nowMs);
    const { state, transitions, notify } = evaluateRule(compiled, one.state, input, {
      nowMs,
      suppression: () => null,
      seenAtMs: one.seenAtMs,
    });
    one.state = state;
    if (input.kind === 'PRESENCE') one.seenAtMs = nowMs;
    return tell(rule.id, seriesKeyOf(rule.groupBy, one.group), transitions, notify.send);
  }
  function inputOf(compiled: CompiledRule, one: Series, event: AlertEvent): RuleInput | null {
    const { condition } = compiled.rule;
    if (event.kind === 'METRIC') {
      if (!('source' in condition)) return null;
      const { source } = condition;
      const { of, subject, metric, value, atMs, id } = event.sample;
      if (source.of !== of || source.metric !== metric || (source.subject !== null && source.subject !== subject) || value === null)
        return null;
      if (condition.kind === 'ABSENCE') return { kind: 'PRESENCE', id, atMs };
      if (atMs < one.atMs || id === one.id) return null;
      one.atMs = atMs;
      one.id = id;
      const derived = one.window!.add(value, atMs);
      return { kind: 'NUMBER', id, atMs, value: Number.isNaN(derived) ? null : derived };
    }
    if (condition.kind !== 'MATCH' && condition.kind !== 'ENTER_EXIT') return null;
    const { subject, id, atMs } = event;
    const isFilter = condition.filterId === null || condition.filterId === subject.filterId;
    const isMatch = isFilter && subject.metrics !== null && compiled.screen!.matches({ ...subject, metrics: subject.metrics });
    if (event.kind === 'RESULT' && condition.kind === 'MATCH') return isMatch ? { kind: 'RESULT', id, atMs, isMatch } : null;
    if (event.kind !== 'OPPORTUNITY' || condition.kind !== 'ENTER_EXIT') return null;
    const isIn = isMatch && event.change !== 'LEFT';
    return { kind: 'MEMBER', id, atMs, member: `${subject.filterId} ${subject.legsKey}`, isIn, isKnown: false };
  }
  function groupOf(compiled: CompiledRule, event: AlertEvent): GroupValues {
    const { groupBy } = compiled.rule;
    if (event.kind === 'METRIC') return { [groupBy[0] ?? 'symbol']: event.sample.subject };
    const { symbol, strategy, filterId, expiration, legsKey } = event.subject;
    const values = { symbol, strategy, filter: filterId, expiration, legs: legsKey, service: '' };
    return Object.fromEntries(groupBy.map((field) => [field, values[field]]));
  }
  return {
    start(nowMs: number) {
      for (const one of all) {
        const { condition, groupBy } = one.compiled.rule;
        if (condition.kind !== 'ABSENCE' || condition.source.subject === null) continue;
        step(one.compiled, one.compiled, seriesOf(one, { [groupBy[0]!]: condition.source.subject }, nowMs), { kind: 'TIME' }, nowMs);
      }
    },
    due: (nowMs: number) =>
      all.flatMap(({ compiled, series }) => [...series.values()].flatMap((one) => step(compiled, compiled, one, { kind: 'TIME' }, nowMs))),
    accept: (event: AlertEvent, nowMs: number) =>
      all.flatMap((one) => {
        const { compiled } = one;
        const condition = compiled.rule.condition;
        if (
          event.kind === 'METRIC' &&
          'source' in condition &&
          condition.source.subject !== null &&
          condition.source.subject !== event.sample.subject
        )
          return [];
        if (event.kind === 'METRIC' && !('source' in condition)) return [];
        if (
          event.kind === 'METRIC' &&
          'source' in condition &&
          (condition.source.of !== event.sample.of || condition.source.metric !== event.sample.metric)
        )
          return [];
        if (event.kind === 'METRIC' && event.sample.value === null) return [];
        if (event.kind !== 'METRIC' && 'source' in condition) return [];
        const series = seriesOf(one, groupOf(compiled, event), nowMs);
        const input = inputOf(compiled, series, event);
        return input === null ? [] : step(compiled, compiled, series, input, nowMs);
      }),
  };
}

const source = (subject: string | null) => ({ of: 'UNDERLYING', subject, metric: 'price' });
const subjects = fc.constantFrom(null, 'AAA', 'BBB');
const levels = fc.integer({ min: 95, max: 105 });
const criteria = fc.record(
  {
    symbols: fc.constantFrom({ in: ['AAA'] }, { notIn: ['AAA'] }, { in: ['AAA', 'BBB'] }),
    strategies: fc.constantFrom({ in: ['BULL_PUT_SPREAD'] }, { in: ['IRON_CONDOR', 'BULL_PUT_SPREAD'] }),
    metrics: fc.constantFrom<object>(
      { score: { min: 50 } },
      { delta: { max: 1 } },
      { score: { min: 20, max: 70 } },
      { delta: { isNull: true } },
    ),
  },
  { requiredKeys: [] },
);
const filterIds = fc.constantFrom(null, 'one', 'two');
const conditions: fc.Arbitrary<object> = fc.oneof(
  fc
    .record({ subject: subjects, fireAt: levels, gap: fc.integer({ min: 0, max: 3 }), isAbove: fc.boolean() })
    .map(({ subject, fireAt, gap, isAbove }) => ({
      kind: 'THRESHOLD',
      source: source(subject),
      direction: isAbove ? 'ABOVE' : 'BELOW',
      fireAt,
      clearAt: isAbove ? fireAt - gap : fireAt + gap,
    })),
  fc
    .record({
      subject: subjects,
      fireAt: fc.constantFrom(2, 4),
      measure: fc.constantFrom('ABSOLUTE', 'Z_SCORE'),
      direction: fc.constantFrom('UP', 'EITHER'),
    })
    .map(({ subject, ...change }) => ({
      kind: 'CHANGE',
      source: source(subject),
      windowMs: 10_000,
      minimumSamples: 3,
      clearAt: 1,
      ...change,
    })),
  subjects.map((subject) => ({ kind: 'ANOMALY', source: source(subject), samples: 10, minimumSamples: 3 })),
  subjects.map((subject) => ({ kind: 'ABSENCE', source: source(subject), afterMs: 3000 })),
  fc.record({ filterId: filterIds, criteria }).map((screen) => ({ kind: 'MATCH', holdMs: 2000, ...screen })),
  fc
    .record({ filterId: filterIds, criteria, on: fc.constantFrom('ENTER', 'EXIT', 'BOTH') })
    .map((screen) => ({ kind: 'ENTER_EXIT', holdMs: 2000, ...screen })),
);
const rules = fc
  .array(
    fc.record({
      condition: conditions,
      forMs: fc.constantFrom(0, 0, 1000),
      keepFiringMs: fc.constantFrom(0, 0, 1500),
      throttleMs: fc.constantFrom(0, 4000),
      isCounting: fc.boolean(),
      activeWindows: fc.constantFrom<object[]>([], [], [{ from: '00:01', to: '00:02' }]),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((all) =>
    all.map(({ isCounting, ...rule }, index) => {
      const canCount = isCounting && 'source' in rule.condition && (rule.condition as { kind?: string }).kind !== 'ABSENCE';
      return anAlertRule({ ...rule, ...(canCount && { occurrences: { n: 2, m: 3 } }) }, { id: `r${index}` });
    }),
  );
const happenings = fc.array(
  fc.record({
    elapsedMs: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 6000 }) }, fc.integer({ min: -20_000, max: -1 })),
    what: fc.oneof(
      fc.record({
        kind: fc.constant('METRIC' as const),
        subject: fc.constantFrom('AAA', 'BBB'),
        value: fc.oneof(fc.constant(null), fc.integer({ min: 93, max: 107 })),
        isLate: fc.boolean(),
        isRepeated: fc.boolean(),
      }),
      fc.record({
        kind: fc.constantFrom('RESULT' as const, 'OPPORTUNITY' as const),
        change: fc.constantFrom('ENTERED' as const, 'UPDATED' as const, 'LEFT' as const),
        filterId: fc.constantFrom('one', 'two'),
        legsKey: fc.constantFrom('x', 'y'),
        symbol: fc.constantFrom('AAA', 'BBB'),
        strategy: fc.constantFrom('BULL_PUT_SPREAD' as const, 'LONG_CALL' as const),
        score: fc.integer({ min: 0, max: 100 }),
        delta: fc.constantFrom(null, 0.5, 2),
      }),
    ),
  }),
  { maxLength: 40 },
);

function eventOf(
  what: typeof happenings extends fc.Arbitrary<(infer H extends { what: unknown })[]> ? H['what'] : never,
  index: number,
): AlertEvent {
  if (what.kind === 'METRIC') {
    return price(what.value, what.isLate ? index - 3 : index, what.subject, what.isRepeated ? `s${index - 1}` : `s${index}`);
  }
  const { filterId, legsKey, symbol, strategy, score, delta, change, kind } = what;
  const subject = {
    ...aResultDraft({ filterId, legsKey, symbol, strategy, metrics: { score, delta } }),
    metrics: aResultDraft({ metrics: { score, delta } }).metrics,
  };
  if (kind === 'RESULT') return { kind, id: `s${index}`, atMs: index, subject };
  return { kind, id: `s${index}`, atMs: index, change, subject };
}

describe('an engine of many rules', () => {
  it('finds exactly what trying every rule on every event finds', () => {
    fc.assert(
      fc.property(rules, happenings, (all, list) => {
        // What is merely updated may have been there before a rule was: the engine knows, the brute force does not.
        const stated = all.filter(({ condition }) => condition.kind !== 'ENTER_EXIT' || Object.keys(condition.criteria).length > 0);
        const engine = anEngine();
        const brute = createBruteForce(stated);
        let nowMs = 50_000;
        for (const rule of stated) engine.put(rule, nowMs);
        brute.start(nowMs);
        for (const [index, { elapsedMs, what }] of list.entries()) {
          nowMs = Math.max(0, nowMs + elapsedMs);
          const event = eventOf(what, index * 10);
          expect(told(engine.due(nowMs)).toSorted()).toEqual(brute.due(nowMs).toSorted());
          expect(told(engine.accept(event, nowMs)).toSorted()).toEqual(brute.accept(event, nowMs).toSorted());
        }
      }),
      { numRuns: 120 },
    );
  });
});

describe('an engine', () => {
  function withRules(...all: AlertRule[]): AlertEngine {
    const engine = anEngine();
    for (const rule of all) engine.put(rule, 0);
    return engine;
  }

  it('goes on after a restart from what it saved', () => {
    const rule = anAlertRule({ forMs: 5000, condition: priceAbove(100) });
    const before = withRules(rule);
    const [saved] = before.accept(price(100, 1000), 1000);
    expect(saved).toMatchObject({ isChanged: true, seriesKey: '["AAA"]', group: { symbol: 'AAA' } });
    const after = withRules(rule);
    after.restore([JSON.parse(JSON.stringify(saved))], before.saveSeries(), 3000);
    expect(after.nextDeadlineMs()).toBe(6000);
    expect(told(after.due(6000))).toEqual(['rule ["AAA"]: PENDING>FIRING@6000 FIRED']);
    expect(told(after.accept(price(50, 7000), 7000))).toEqual(['rule ["AAA"]: FIRING>NORMAL@7000 RESOLVED']);
  });

  it.each([
    ['renamed', { name: 'Another name' }, []],
    ['about something else', { condition: priceAbove(100, 100, 'BBB') }, ['rule ["AAA"]: FIRING>NORMAL@3000 RESOLVED']],
  ])('started again after its rule has been %s says what that ended', (_how, edit, expected) => {
    const before = withRules(anAlertRule());
    const saved = before.accept(price(100, 1000), 1000);
    const after = withRules(anAlertRule(edit, { revision: 2 }));
    expect(told(after.restore(saved, [], 3000, () => anAlertRule()))).toEqual(expected);
  });

  it('keeps the window of a series when the rule that reads it is renamed', () => {
    const condition = { kind: 'CHANGE', source: source('AAA'), windowMs: 60_000, measure: 'RELATIVE', direction: 'UP', fireAt: 0.1 };
    const engine = withRules(anAlertRule({ condition }));
    engine.accept(price(100, 1000), 1000);
    engine.put(anAlertRule({ condition, name: 'Another name' }, { revision: 2 }), 2000);
    expect(told(engine.accept(price(110, 3000), 3000))).toEqual(['rule ["AAA"]: NORMAL>FIRING@3000 FIRED']);
  });

  it('shows a new level the next sample, whatever the step', () => {
    const engine = withRules(anAlertRule());
    engine.accept(price(150, 1), 1);
    engine.put(anAlertRule({ condition: priceAbove(140) }, { id: 'second' }), 2);
    expect(told(engine.accept(price(150, 3), 3))).toEqual(['second ["AAA"]: NORMAL>FIRING@3 FIRED']);
  });

  it('ends the alerts of a rule that is about something else now, or is deleted', () => {
    const engine = withRules(anAlertRule());
    engine.accept(price(150, 1), 1);
    expect(told(engine.put(anAlertRule({ condition: priceAbove(100, 100, 'BBB') }, { revision: 2 }), 2))).toEqual([
      'rule ["AAA"]: FIRING>NORMAL@2 RESOLVED',
    ]);
    engine.accept(price(150, 3, 'BBB'), 3);
    const deleted = engine.put(anAlertRule({ condition: priceAbove(100, 100, 'BBB') }, { revision: 3, deletedAtMs: 4 }), 4);
    expect(told(deleted)).toEqual(['rule ["BBB"]: FIRING>NORMAL@4 RESOLVED']);
    expect(engine.accept(price(1, 5, 'BBB'), 5)).toEqual([]);
    expect(engine.put(anAlertRule({}, { revision: 2 }), 6)).not.toBeNull();
  });

  it('does not tell what was in the screen of a new rule as entering', () => {
    const engine = withRules(anAlertRule({ condition: { kind: 'ENTER_EXIT', on: 'BOTH', criteria: { metrics: { score: { min: 50 } } } } }));
    const subject = aResultDraft({ legsKey: 'x', metrics: { score: 80 } });
    engine.seed('rule', [subject], 0);
    expect(told(engine.accept({ kind: 'OPPORTUNITY', id: 'a', atMs: 1, change: 'UPDATED', subject }, 1))).toEqual([]);
    expect(
      told(engine.accept({ kind: 'OPPORTUNITY', id: 'b', atMs: 2, change: 'LEFT', subject: { ...subject, metrics: null } }, 2)),
    ).toHaveLength(1);
  });

  it('tells of an opportunity of a filter whatever its metrics', () => {
    const engine = withRules(anAlertRule({ condition: { kind: 'ENTER_EXIT', filterId: 'one' } }));
    const subject = { ...aResultDraft({ filterId: 'one' }), metrics: null };
    expect(told(engine.accept({ kind: 'OPPORTUNITY', id: 'a', atMs: 1, change: 'ENTERED', subject }, 1))).toHaveLength(1);
    expect(told(engine.accept({ kind: 'OPPORTUNITY', id: 'b', atMs: 2, change: 'UPDATED', subject }, 2))).toEqual([]);
    expect(told(engine.accept({ kind: 'OPPORTUNITY', id: 'c', atMs: 3, change: 'LEFT', subject }, 3))).toHaveLength(1);
  });

  it('tells what a silence has held back when it is over', () => {
    let isSilenced = true;
    const engine = createAlertEngine({ suppressionOf: () => (isSilenced ? { reason: 'SILENCED', untilMs: null } : null) });
    engine.put(anAlertRule(), 0);
    expect(told(engine.accept(price(150, 1), 1))).toEqual(['rule ["AAA"]: NORMAL>FIRING@1 ']);
    isSilenced = false;
    expect(told(engine.reconsider(null, 2))).toEqual(['rule ["AAA"]:  FIRED']);
    expect(engine.reconsider(null, 3)).toEqual([]);
  });

  it('forgets a series that is over', () => {
    const engine = withRules(anAlertRule({ throttleMs: 1000 }));
    engine.accept(price(150, 1), 1);
    engine.accept(price(50, 2000), 2000);
    expect(engine.nextDeadlineMs()).toBe(3000);
    expect(engine.due(3000)).toMatchObject([{ isOver: true, seriesKey: '["AAA"]' }]);
    expect(engine.nextDeadlineMs()).toBe(Number.POSITIVE_INFINITY);
  });
});
