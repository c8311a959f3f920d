import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertRule } from '../../../../src/domain/alerts/alert-rule.ts';
import { compileRule } from '../../../../src/domain/alerts/compiled-rule.ts';
import type { Suppression } from '../../../../src/domain/alerts/decide-notification.ts';
import { type Evaluation, evaluateRule } from '../../../../src/domain/alerts/evaluate-rule.ts';
import type { RuleInput } from '../../../../src/domain/alerts/rule-input.ts';
import { initialRuleState, type RuleState } from '../../../../src/domain/alerts/rule-state.ts';
import { TRANSITION_REASONS } from '../../../../src/domain/alerts/rule-transition.ts';
import { anAlertRule, priceAbove } from '../../../support/an-alert-rule.ts';

interface Step {
  /** Milliseconds the clock goes on; negative: back. */
  readonly elapsedMs: number;
  readonly input: 'TIME' | 'LATE' | 'REPEATED' | { readonly value: number | null; readonly isMatch: boolean };
  readonly isSilenced: boolean;
}

interface Taken extends Evaluation {
  readonly nowMs: number;
  readonly step: Step;
  readonly before: RuleState;
}

const MINUTE_MS = 60_000;

const conditions = fc.constantFrom<object>(
  priceAbove(100, 90),
  { kind: 'MATCH', holdMs: 2000 },
  { kind: 'ENTER_EXIT', on: 'BOTH', holdMs: 2000 },
  { kind: 'ENTER_EXIT', on: 'ENTER' },
  { kind: 'ABSENCE', source: { of: 'SERVICE', subject: 'broker', metric: 'heartbeat' }, afterMs: 3000 },
);
const durations = fc.constantFrom(0, 1000, 5000);
const rules: fc.Arbitrary<AlertRule> = fc
  .record({
    condition: conditions,
    forMs: durations,
    keepFiringMs: durations,
    throttleMs: fc.constantFrom(0, 2000, 10_000),
    isCounting: fc.boolean(),
    muteWindows: fc.constantFrom<object[]>([], [{ from: '00:01', to: '00:03' }]),
    activeWindows: fc.constantFrom<object[]>([], [{ from: '00:00', to: '00:04' }]),
    expiresAtMs: fc.constantFrom(null, 5 * MINUTE_MS),
  })
  .map(({ isCounting, ...rule }) => {
    const canCount = isCounting && (rule.condition as { kind: string }).kind !== 'ABSENCE';
    return anAlertRule({ ...rule, ...(canCount && { occurrences: { n: 2, m: 3 } }) });
  });

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    elapsedMs: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 0, max: 600 }) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: -3000, max: -1 }) },
    ),
    input: fc.oneof(
      fc.constantFrom('TIME' as const, 'LATE' as const, 'REPEATED' as const),
      fc.record({ value: fc.constantFrom(null, 80, 90, 95, 100, 120), isMatch: fc.boolean() }),
    ),
    isSilenced: fc.boolean(),
  }),
  { minLength: 10, maxLength: 60 },
);

function inputOf(rule: AlertRule, step: Step, index: number, last: { id: string; atMs: number }): RuleInput {
  if (step.input === 'TIME') return { kind: 'TIME' };
  const { value, isMatch } = typeof step.input === 'object' ? step.input : { value: 120, isMatch: true };
  const atMs = step.input === 'LATE' ? last.atMs - 1 : last.atMs;
  const id = step.input === 'REPEATED' ? last.id : `s${index}`;
  switch (rule.condition.kind) {
    case 'MATCH':
      return { kind: 'RESULT', id, atMs, isMatch };
    case 'ENTER_EXIT':
      return { kind: 'MEMBER', id, atMs, member: value === null ? 'a' : String(value), isIn: isMatch, isKnown: false };
    case 'ABSENCE':
      return { kind: 'PRESENCE', id, atMs };
    default:
      return { kind: 'NUMBER', id, atMs, value };
  }
}

/** @param passOn what becomes of the state between two steps */
function run(rule: AlertRule, all: readonly Step[], passOn = (state: RuleState) => state): Taken[] {
  const compiled = compileRule(rule);
  const taken: Taken[] = [];
  let state = initialRuleState(0);
  let nowMs = 60_000;
  let seenAtMs: number | null = null;
  const last = { id: '', atMs: 0 };
  for (const [index, step] of all.entries()) {
    nowMs = Math.max(0, nowMs + step.elapsedMs);
    if (typeof step.input === 'object') last.atMs++;
    const input = inputOf(rule, step, index, last);
    if (typeof step.input === 'object') last.id = `s${index}`;
    const suppression: Suppression | null = step.isSilenced ? { reason: 'SILENCED', untilMs: null } : null;
    seenAtMs = seenAtMs === null ? null : Math.min(seenAtMs, nowMs);
    const evaluation = evaluateRule(compiled, state, input, { nowMs, suppression: () => suppression, seenAtMs });
    if (input.kind === 'PRESENCE') seenAtMs = nowMs;
    taken.push({ ...evaluation, nowMs, step, before: state });
    state = passOn(evaluation.state);
  }
  return taken;
}

const ALLOWED = new Set([
  'NORMAL>PENDING',
  'NORMAL>FIRING',
  'PENDING>NORMAL',
  'PENDING>FIRING',
  'FIRING>RECOVERING',
  'FIRING>NORMAL',
  'RECOVERING>FIRING',
  'RECOVERING>NORMAL',
]);

describe('whatever comes, a rule', () => {
  it('goes only from phase to phase by steps that exist, each with a reason, in one unbroken line', () => {
    fc.assert(
      fc.property(rules, steps, (rule, all) => {
        for (const { before, state, transitions } of run(rule, all)) {
          let phase = before.phase;
          for (const { from, to, reason } of transitions) {
            expect(from).toBe(phase);
            expect(ALLOWED).toContain(`${from}>${to}`);
            expect(TRANSITION_REASONS).toContain(reason);
            phase = to;
          }
          expect(state.phase).toBe(phase);
        }
      }),
    );
  });

  it('notifies nobody while it is silenced or muted, and says why', () => {
    fc.assert(
      fc.property(rules, steps, (rule, all) => {
        const mute = compileRule(rule).mute;
        for (const { step, nowMs, notify } of run(rule, all)) {
          expect(notify.reason).toBeTypeOf('string');
          const isKeptStill = step.isSilenced || mute?.isOpen(nowMs) === true;
          expect(isKeptStill && notify.send !== null).toBe(false);
        }
      }),
    );
  });

  it('lets at least the throttle elapse between two notifications, also when the clock goes back', () => {
    fc.assert(
      fc.property(rules, steps, (rule, all) => {
        let elapsedMs = Number.POSITIVE_INFINITY;
        let lastMs = 0;
        for (const { nowMs, notify } of run(rule, all)) {
          elapsedMs += Math.max(0, nowMs - lastMs);
          lastMs = nowMs;
          expect(notify.send === null || elapsedMs >= rule.throttleMs).toBe(true);
          if (notify.send !== null) elapsedMs = 0;
        }
      }),
    );
  });

  it('tells of an end only when it has told of the beginning, and of each alert at most once', () => {
    fc.assert(
      fc.property(rules, steps, (rule, all) => {
        const told: string[] = [];
        const episodes = new Set<number>();
        for (const { notify, state } of run(rule, all)) {
          if (notify.send === null) continue;
          const isOnce = !episodes.has(state.episode);
          const isBegun = told.at(-1) === 'FIRED' || told.at(-1) === 'AGAIN';
          expect(notify.send === 'FIRED' ? isOnce : isBegun).toBe(true);
          episodes.add(state.episode);
          told.push(notify.send);
        }
      }),
    );
  });

  it('is left alone by late and repeated samples, but for the time that has passed', () => {
    fc.assert(
      fc.property(rules, steps, (rule, all) => {
        // Members have an order of their own: the stream's.
        fc.pre(rule.condition.kind !== 'ENTER_EXIT');
        const asTime = all.map((step) => (step.input === 'LATE' || step.input === 'REPEATED' ? { ...step, input: 'TIME' as const } : step));
        const isFirst = all.findIndex(({ input }) => typeof input === 'object');
        fc.pre(isFirst >= 0 && all.slice(0, isFirst).every(({ input }) => input === 'TIME') && rule.condition.kind !== 'ABSENCE');
        expect(run(rule, all).map(({ transitions }) => transitions)).toEqual(run(rule, asTime).map(({ transitions }) => transitions));
      }),
    );
  });

  it('does the same every time, and with its state as JSON between the steps', () => {
    fc.assert(
      fc.property(rules, steps, (rule, all) => {
        const once = run(rule, all);
        expect(run(rule, all)).toEqual(once);
        expect(run(rule, all, (state) => JSON.parse(JSON.stringify(state)))).toEqual(once);
      }),
    );
  });
});
