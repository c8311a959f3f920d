import { METRICS, type MetricValues } from '../candidates/metric.ts';
import { opportunityKey } from '../opportunities/opportunity.ts';
import type { AlertEvent } from './alert-event.ts';
import type { AlertRule } from './alert-rule.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { digestOf } from './digest-of.ts';
import { groupOf } from './group-of.ts';
import type { RuleIndex } from './rule-index.ts';
import type { RuleInput } from './rule-input.ts';
import type { RuleOutcome } from './rule-outcome.ts';
import type { RuleEntry } from './rule-series.ts';
import type { ScreenHolders } from './screen-holders.ts';
import type { ScreenSubject } from './screen-index.ts';
import type { MetricSample } from './series-source.ts';
import type { SeriesStepper } from './series-stepper.ts';
import type { SignsOfLife } from './signs-of-life.ts';
import { watchesAbsence } from './watches-absence.ts';

export interface EventTakerDeps {
  readonly index: RuleIndex;
  readonly entryOf: (compiled: CompiledRule) => RuleEntry;
  readonly stepper: Pick<SeriesStepper, 'evaluate'>;
  readonly signs: SignsOfLife<RuleEntry>;
  readonly holders: ScreenHolders<RuleEntry>;
  /** Whether a rule may know of what a filter finds. */
  readonly mayRead: (rule: AlertRule, filterId: string) => boolean;
}

type Opportunity = Extract<AlertEvent, { kind: 'OPPORTUNITY' }>;

/** Of an opportunity of which no result is at hand: it is in the screens that don't ask for any. */
const NO_METRICS = Object.fromEntries(METRICS.map(({ name }) => [name, null])) as MetricValues;

/** Lets an event reach the series it concerns. @returns what came of it is added to the outcomes */
export function createEventTaker(deps: EventTakerDeps): (event: AlertEvent, nowMs: number, outcomes: RuleOutcome[]) => void {
  const { index, entryOf, stepper, signs, holders, mayRead } = deps;
  const mayKnow = (rule: AlertRule, { of, subject }: MetricSample) => of !== 'FILTER' || mayRead(rule, subject);

  function takeMetric(sample: MetricSample, event: AlertEvent, nowMs: number, outcomes: RuleOutcome[]): void {
    index.numbers.accept(sample, (compiled, value) => {
      if (!mayKnow(compiled.rule, sample)) return;
      const group = { [compiled.rule.groupBy[0]!]: sample.subject };
      const input: RuleInput = { kind: 'NUMBER', id: sample.id, atMs: sample.atMs, value };
      add(outcomes, stepper.evaluate(entryOf(compiled), group, input, nowMs, event));
    });
    if (sample.value !== null) takePresence(sample, event, nowMs, outcomes);
  }

  function takePresence(sample: MetricSample, event: AlertEvent, nowMs: number, outcomes: RuleOutcome[]): void {
    const { subject, id, atMs } = sample;
    const sign = signs.of(sample, subject);
    if (sign.awaiting !== null || sign.atMs === null) {
      const concerned = sign.awaiting ?? new Set<RuleEntry>();
      sign.awaiting = null;
      // Whoever watches each of them learns of a new one.
      if (sign.atMs === null) index.absences(sample, (compiled) => concerned.add(entryOf(compiled)));
      for (const entry of concerned) {
        const { rule } = entry.compiled;
        if (!entry.isIndexed || !watchesAbsence(rule.condition, sample) || !mayKnow(rule, sample)) continue;
        add(outcomes, stepper.evaluate(entry, { [rule.groupBy[0]!]: subject }, { kind: 'PRESENCE', id, atMs }, nowMs, event));
      }
    }
    sign.atMs = nowMs;
  }

  function takeOpportunity(event: Opportunity, nowMs: number, outcomes: RuleOutcome[]): void {
    const { subject, change } = event;
    const member = digestOf(opportunityKey(subject));
    const inside = new Set<RuleEntry>();
    if (change !== 'LEFT') {
      const whole = hasMetrics(subject) ? subject : { ...subject, metrics: NO_METRICS };
      index.screens(whole, (compiled) => {
        if (mayRead(compiled.rule, whole.filterId)) inside.add(entryOf(compiled));
      });
    }
    // What is no longer known need not have changed.
    const isLeaving = change === 'LEFT' || subject.metrics !== null;
    if (isLeaving) for (const entry of holders.of(member)) if (!inside.has(entry)) tell(entry, event, member, false, nowMs, outcomes);
    for (const entry of inside) tell(entry, event, member, true, nowMs, outcomes);
  }

  function tell(entry: RuleEntry, event: Opportunity, member: string, isIn: boolean, nowMs: number, outcomes: RuleOutcome[]): void {
    const { id, atMs, subject, change } = event;
    const { condition, groupBy } = entry.compiled.rule;
    // A filter's own opportunity that is merely updated has been there before the rule was.
    const isKnown = isIn && change === 'UPDATED' && condition.kind === 'ENTER_EXIT' && Object.keys(condition.criteria).length === 0;
    const input: RuleInput = { kind: 'MEMBER', id, atMs, member, isIn, isKnown };
    add(outcomes, stepper.evaluate(entry, groupOf(groupBy, subject), input, nowMs, event));
    holders.hold(member, entry, isIn);
  }

  return (event, nowMs, outcomes) => {
    if (event.kind === 'METRIC') takeMetric(event.sample, event, nowMs, outcomes);
    else if (event.kind === 'OPPORTUNITY') takeOpportunity(event, nowMs, outcomes);
    else {
      const { id, atMs, subject } = event;
      index.results(subject, (compiled, isMatch) => {
        if (!mayRead(compiled.rule, subject.filterId)) return;
        const group = groupOf(compiled.rule.groupBy, subject);
        add(outcomes, stepper.evaluate(entryOf(compiled), group, { kind: 'RESULT', id, atMs, isMatch }, nowMs, event));
      });
    }
  };
}

function hasMetrics(subject: Opportunity['subject']): subject is ScreenSubject {
  return subject.metrics !== null;
}

function add(outcomes: RuleOutcome[], outcome: RuleOutcome | null): void {
  if (outcome !== null) outcomes.push(outcome);
}
