import { phaseDeadline } from './advance-time.ts';
import type { AlertEvent } from './alert-event.ts';
import { type AlertRule, type GroupValues, seriesKeyOf } from './alert-rule.ts';
import type { DeadlineQueue } from './deadline-queue.ts';
import { type Suppression, untold } from './decide-notification.ts';
import { type EvaluationContext, evaluateRule, nextDeadline } from './evaluate-rule.ts';
import type { RuleInput } from './rule-input.ts';
import type { RuleOutcome } from './rule-outcome.ts';
import { type RuleEntry, type RuleSeries, subjectOf } from './rule-series.ts';
import { forgettableFrom, initialRuleState, needsSaving, type RuleState } from './rule-state.ts';
import type { RuleTransition } from './rule-transition.ts';
import type { SignsOfLife } from './signs-of-life.ts';

export interface SeriesStepperDeps {
  /** What keeps notifications of a series back besides its rule. Asked only when there is something to tell. */
  readonly suppressionOf: (rule: AlertRule, seriesKey: string, group: GroupValues, state: RuleState, nowMs: number) => Suppression | null;
  /** Moments that are less early than this count as the present. */
  readonly overtakingMs: number;
  readonly signs: SignsOfLife<RuleEntry>;
  readonly deadlines: Pick<DeadlineQueue<RuleSeries | RuleEntry>, 'put'>;
  /** Of a rule that was deleted the last series is over. */
  readonly onOver: (entry: RuleEntry) => void;
}

/** Evaluates series one step at a time, and keeps them, with their deadlines, as long as they are needed. */
export interface SeriesStepper {
  /** A step of the series with these group values, which is made when it isn't there. Null: nothing came of it. */
  evaluate(entry: RuleEntry, group: GroupValues, input: RuleInput, nowMs: number, event: AlertEvent | null): RuleOutcome | null;
  /**
   * @param already transitions that have brought the series to its state in the same step
   * @param before its state before them; null: it is new
   */
  step(
    series: RuleSeries,
    input: RuleInput,
    atMs: number,
    event: AlertEvent | null,
    already?: readonly RuleTransition[],
    before?: RuleState | null,
  ): RuleOutcome | null;
  /** Of a series watched for absence at rest, that it has been seen since its deadline was set: it waits anew and has not to be evaluated. */
  putOff(series: RuleSeries, nowMs: number): boolean;
  /** Absence of a series at rest is counted from then on: nobody has listened before. */
  countAbsenceFrom(series: RuleSeries, atMs: number, nowMs: number): void;
}

const NONE: readonly RuleTransition[] = [];

export function createSeriesStepper({ suppressionOf, overtakingMs, signs, deadlines, onOver }: SeriesStepperDeps): SeriesStepper {
  function seenAtMs({ entry, group }: RuleSeries, nowMs: number): number | null {
    const { condition } = entry.compiled.rule;
    return condition.kind === 'ABSENCE' ? signs.seenAtMs(condition.source, subjectOf(group), nowMs) : null;
  }

  /** Keeps the series until it may be forgotten, and its next deadline. Whether it is forgotten. */
  function keep(series: RuleSeries, context: EvaluationContext): boolean {
    const { entry, key, state, group } = series;
    const { rule } = entry.compiled;
    const { condition } = rule;
    if (condition.kind === 'ABSENCE' && (state.phase !== 'NORMAL' || state.isLatched)) {
      const sign = signs.of(condition.source, subjectOf(group));
      sign.awaiting = (sign.awaiting ?? new Set()).add(entry);
    }
    const isWatched = condition.kind === 'ABSENCE' && entry.isIndexed;
    const forgetAtMs = isWatched ? Number.POSITIVE_INFINITY : forgettableFrom(state, rule.throttleMs);
    const isOver = forgetAtMs <= context.nowMs;
    if (isOver) {
      entry.series.delete(key);
      deadlines.put(series, Number.POSITIVE_INFINITY);
      if (rule.deletedAtMs !== null && entry.series.size === 0) onOver(entry);
    } else {
      entry.series.set(key, series);
      const atMs = Math.min(nextDeadline(entry.compiled, state, { ...context, seenAtMs: seenAtMs(series, context.nowMs) }), forgetAtMs);
      // What is due has been done: never the same moment again.
      deadlines.put(series, Math.max(atMs, context.nowMs + 1));
    }
    return isOver;
  }

  function step(
    series: RuleSeries,
    input: RuleInput,
    atMs: number,
    event: AlertEvent | null,
    already: readonly RuleTransition[] = NONE,
    before: RuleState | null = series.entry.series.has(series.key) ? series.state : null,
  ): RuleOutcome | null {
    const { entry, key, group } = series;
    const { compiled } = entry;
    const { rule } = compiled;
    const knownMs = series.state.clockMs;
    const nowMs = atMs < knownMs && atMs >= knownMs - overtakingMs ? knownMs : atMs;
    const context: EvaluationContext = {
      nowMs,
      suppression: (state) => suppressionOf(rule, key, group, state, nowMs),
      seenAtMs: seenAtMs(series, nowMs),
    };
    const { state, transitions, notify } = evaluateRule(compiled, series.state, input, context);
    series.state = state;
    const isOver = keep(series, context);
    // A series watched for absence is known only because it was seen once.
    const isChanged = needsSaving(before, state) || (before === null && rule.condition.kind === 'ABSENCE' && !isOver);
    if (!isChanged && notify.send === null && !(isOver && before !== null)) return null;
    return {
      rule,
      ruleId: rule.id,
      seriesKey: key,
      group,
      state,
      transitions: [...already, ...transitions],
      notify,
      isChanged,
      isOver,
      event,
    };
  }

  return {
    step,
    evaluate(entry, group, input, nowMs, event) {
      const key = seriesKeyOf(entry.compiled.rule.groupBy, group);
      return step(entry.series.get(key) ?? { entry, key, group, state: initialRuleState(nowMs) }, input, nowMs, event);
    },
    putOff(series, nowMs) {
      const { entry, state } = series;
      const { compiled, isIndexed } = entry;
      if (compiled.rule.condition.kind !== 'ABSENCE' || !isIndexed || compiled.active !== null || compiled.rule.expiresAtMs !== null)
        return false;
      if (state.phase !== 'NORMAL' || state.isLatched || untold(state) !== null) return false;
      const atMs = phaseDeadline(compiled, state, seenAtMs(series, nowMs));
      if (atMs <= nowMs || atMs === Number.POSITIVE_INFINITY) return false;
      deadlines.put(series, atMs);
      return true;
    },
    countAbsenceFrom(series, atMs, nowMs) {
      const { entry, state } = series;
      if (state.phase !== 'NORMAL' || state.activeSinceMs === null) return;
      series.state = { ...state, activeSinceMs: atMs };
      const context: EvaluationContext = { nowMs, suppression: () => null, seenAtMs: seenAtMs(series, nowMs) };
      deadlines.put(series, nextDeadline(entry.compiled, series.state, context));
    },
  };
}
