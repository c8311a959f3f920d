import { METRICS, type MetricValues } from '../candidates/metric.ts';
import { opportunityKey } from '../opportunities/opportunity.ts';
import type { AlertEvent } from './alert-event.ts';
import { type AlertRule, type AlertRuleContent, type GroupValues, seriesKeyOf } from './alert-rule.ts';
import { type CompiledRule, compileRule } from './compiled-rule.ts';
import { createDeadlineQueue } from './deadline-queue.ts';
import { type NotificationDecision, type Suppression, untold } from './decide-notification.ts';
import { digestOf } from './digest-of.ts';
import { type EvaluationContext, evaluateRule, nextDeadline } from './evaluate-rule.ts';
import { groupOf } from './group-of.ts';
import type { SavedSeries } from './number-index.ts';
import { applyReset, type Reset, resetBy, resolveByHand } from './reset-by.ts';
import { createRuleIndex } from './rule-index.ts';
import type { RuleInput } from './rule-input.ts';
import { forgettableFrom, initialRuleState, needsSaving, type RuleState, withClock } from './rule-state.ts';
import type { RuleTransition } from './rule-transition.ts';
import type { ScreenSubject } from './screen-index.ts';
import type { MetricSample } from './series-source.ts';
import { watchesAbsence } from './watches-absence.ts';

/** Where a series of a rule stands, as it is stored. */
export interface SavedRuleState {
  readonly ruleId: string;
  readonly seriesKey: string;
  readonly group: GroupValues;
  readonly state: RuleState;
}

/** What an event, the passing of time or an edit did to one series of a rule. */
export interface RuleOutcome extends SavedRuleState {
  /** As in force for this evaluation. */
  readonly rule: AlertRule;
  readonly transitions: readonly RuleTransition[];
  readonly notify: NotificationDecision;
  /** Whether the state is to be stored. */
  readonly isChanged: boolean;
  /** Whether the series may be forgotten, and its stored state deleted. */
  readonly isOver: boolean;
  /** Null: time or people, not an event. */
  readonly event: AlertEvent | null;
}

/** The rules in force and all their series. It has no clock and no timer: whoever holds it calls `due` at `nextDeadlineMs`. */
export interface AlertEngine {
  /** Takes over a rule or another revision of it; one that is disabled, deleted or expired ends its alerts. Older revisions are ignored. */
  put(rule: AlertRule, nowMs: number): RuleOutcome[];
  accept(event: AlertEvent, nowMs: number): RuleOutcome[];
  /** What time has brought about. */
  due(nowMs: number): RuleOutcome[];
  /** Epoch milliseconds; Infinity: nothing is waited for. */
  nextDeadlineMs(): number;
  /** Silences, inhibitions or life cycles have changed: decides anew what has been held back. @param ruleId null: of all rules */
  reconsider(ruleId: string | null, nowMs: number): RuleOutcome[];
  /** Somebody has resolved the alert of a series. */
  resolve(ruleId: string, seriesKey: string, nowMs: number): RuleOutcome[];
  /** What is in the screen of a new rule already, which is not to be told as entering. */
  seed(ruleId: string, there: readonly ScreenSubject[], nowMs: number): RuleOutcome[];
  /**
   * Goes on from what was stored; to be called once, when all rules have been put.
   *
   * @param nowMs the moment that what was stored had come to
   * @param revisionOf a rule as it was at a revision, for those that have been edited since their states were stored; null: not known, then they begin anew
   * @param absenceFromMs absence is counted from then on
   */
  restore(
    states: readonly SavedRuleState[],
    series: readonly SavedSeries[],
    nowMs: number,
    revisionOf?: (ruleId: string, revision: number) => AlertRuleContent | null,
    absenceFromMs?: number,
  ): RuleOutcome[];
  saveSeries(): SavedSeries[];
}

export interface AlertEngineDeps {
  /** What keeps notifications of a series back besides its rule: silences, inhibitions, acknowledgement. Asked only when there is something to tell. */
  readonly suppressionOf: (rule: AlertRule, seriesKey: string, group: GroupValues, state: RuleState, nowMs: number) => Suppression | null;
  /** Whether a rule may know of what a filter finds. Left out: every rule of every filter. */
  readonly mayRead?: (rule: AlertRule, filterId: string) => boolean;
  /** Streams overtake each other by as much: moments that are less early count as the present, others are a clock set back. Left out: 0. */
  readonly overtakingMs?: number;
}

/** Of an opportunity of which no result is at hand: it is in the screens that don't ask for any. */
const NO_METRICS = Object.fromEntries(METRICS.map(({ name }) => [name, null])) as MetricValues;

interface Entry {
  compiled: CompiledRule;
  isIndexed: boolean;
  readonly series: Map<string, Series>;
}

interface Series {
  readonly entry: Entry;
  readonly key: string;
  readonly group: GroupValues;
  state: RuleState;
}

export function createAlertEngine({ suppressionOf, mayRead = () => true, overtakingMs = 0 }: AlertEngineDeps): AlertEngine {
  const entries = new Map<string, Entry>();
  const entryOf = (compiled: CompiledRule) => entries.get(compiled.rule.id)!;
  const index = createRuleIndex();
  const deadlines = createDeadlineQueue<Series | Entry>();
  /** By digest of an opportunity, the rules that have it in their screen. */
  const holders = new Map<string, Set<Entry>>();
  /** By kind and metric, then by subject, when it was last seen. */
  const seen = new Map<string, Map<string, number>>();
  /** By kind, metric and subject, the rules of absence that its next sign of life concerns: the others wait for their deadlines. */
  const awaiting = new Map<string, Set<Entry>>();
  let clockMs = Number.NEGATIVE_INFINITY;

  function seenAtMs({ entry, group }: Series, nowMs: number): number | null {
    const { condition } = entry.compiled.rule;
    if (condition.kind !== 'ABSENCE') return null;
    const at = seen.get(metricKey(condition.source))?.get(subjectOf(group));
    // The clock has gone back since.
    return at === undefined ? null : Math.min(at, nowMs);
  }

  function hold(digest: string, entry: Entry, isIn: boolean): void {
    const known = holders.get(digest);
    if (isIn) holders.set(digest, (known ?? new Set()).add(entry));
    else if (known?.delete(entry) && known.size === 0) holders.delete(digest);
  }

  function evaluate(entry: Entry, group: GroupValues, input: RuleInput, nowMs: number, event: AlertEvent | null): RuleOutcome | null {
    const key = seriesKeyOf(entry.compiled.rule.groupBy, group);
    const series = entry.series.get(key) ?? { entry, key, group, state: initialRuleState(nowMs) };
    return step(series, input, nowMs, event, []);
  }

  /** @param already transitions that have brought the series to its state in the same step */
  function step(
    series: Series,
    input: RuleInput,
    atMs: number,
    event: AlertEvent | null,
    already: readonly RuleTransition[],
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

  /** Keeps the series until it may be forgotten, and its next deadline. Whether it is forgotten. */
  function keep(series: Series, context: EvaluationContext): boolean {
    const { entry, key, state, group } = series;
    const { rule } = entry.compiled;
    if (rule.condition.kind === 'ABSENCE' && (state.phase !== 'NORMAL' || state.isLatched)) {
      const signOf = `${metricKey(rule.condition.source)}\n${subjectOf(group)}`;
      awaiting.set(signOf, (awaiting.get(signOf) ?? new Set()).add(entry));
    }
    const forgetAtMs =
      rule.condition.kind === 'ABSENCE' && entry.isIndexed ? Number.POSITIVE_INFINITY : forgettableFrom(state, rule.throttleMs);
    const isOver = forgetAtMs <= context.nowMs;
    if (isOver) {
      entry.series.delete(key);
      deadlines.put(series, Number.POSITIVE_INFINITY);
      if (rule.deletedAtMs !== null && entry.series.size === 0) entries.delete(rule.id);
    } else {
      entry.series.set(key, series);
      const atMs = Math.min(nextDeadline(entry.compiled, state, { ...context, seenAtMs: seenAtMs(series, context.nowMs) }), forgetAtMs);
      // What is due has been done: never the same moment again.
      deadlines.put(series, Math.max(atMs, context.nowMs + 1));
    }
    return isOver;
  }

  const mayKnow = (rule: AlertRule, { of, subject }: MetricSample) => of !== 'FILTER' || mayRead(rule, subject);

  function acceptMetric(sample: MetricSample, event: AlertEvent, nowMs: number, outcomes: (RuleOutcome | null)[]): void {
    index.numbers.accept(sample, (compiled, value) => {
      if (!mayKnow(compiled.rule, sample)) return;
      const group = { [compiled.rule.groupBy[0]!]: sample.subject };
      outcomes.push(evaluate(entryOf(compiled), group, { kind: 'NUMBER', id: sample.id, atMs: sample.atMs, value }, nowMs, event));
    });
    if (sample.value !== null) acceptPresence(sample, event, nowMs, outcomes);
  }

  function acceptPresence(sample: MetricSample, event: AlertEvent, nowMs: number, outcomes: (RuleOutcome | null)[]): void {
    const { subject, id, atMs } = sample;
    const subjects = seen.get(metricKey(sample)) ?? new Map<string, number>();
    seen.set(metricKey(sample), subjects);
    const signOf = `${metricKey(sample)}\n${subject}`;
    const concerned = awaiting.get(signOf) ?? new Set<Entry>();
    awaiting.delete(signOf);
    // Whoever watches each of them learns of a new one.
    if (!subjects.has(subject)) index.absences(sample, (compiled) => concerned.add(entryOf(compiled)));
    for (const entry of concerned) {
      if (!entry.isIndexed || !watchesAbsence(entry.compiled.rule.condition, sample) || !mayKnow(entry.compiled.rule, sample)) continue;
      const group = { [entry.compiled.rule.groupBy[0]!]: subject };
      outcomes.push(evaluate(entry, group, { kind: 'PRESENCE', id, atMs }, nowMs, event));
    }
    subjects.set(subject, nowMs);
  }

  function acceptOpportunity(event: Extract<AlertEvent, { kind: 'OPPORTUNITY' }>, nowMs: number, outcomes: (RuleOutcome | null)[]): void {
    const { id, atMs, subject, change } = event;
    const member = digestOf(opportunityKey(subject));
    const inside = new Set<Entry>();
    if (change !== 'LEFT') {
      const whole = { ...subject, metrics: subject.metrics ?? NO_METRICS };
      index.screens(whole, (compiled) => {
        if (mayRead(compiled.rule, whole.filterId)) inside.add(entryOf(compiled));
      });
    }
    // What is no longer known need not have changed.
    const isLeaving = change === 'LEFT' || subject.metrics !== null;
    for (const entry of isLeaving ? (holders.get(member) ?? []) : []) if (!inside.has(entry)) tell(entry, false);
    for (const entry of inside) tell(entry, true);

    function tell(entry: Entry, isIn: boolean): void {
      const { condition, groupBy } = entry.compiled.rule;
      // A filter's own opportunity that is merely updated has been there before the rule was.
      const isKnown = isIn && change === 'UPDATED' && condition.kind === 'ENTER_EXIT' && Object.keys(condition.criteria).length === 0;
      const input: RuleInput = { kind: 'MEMBER', id, atMs, member, isIn, isKnown };
      outcomes.push(evaluate(entry, groupOf(groupBy, subject), input, nowMs, event));
      hold(member, entry, isIn);
    }
  }

  /** Adds before it removes: what both read goes on. */
  function replace(entry: Entry, next: CompiledRule, isWanted: boolean): void {
    if (isWanted) index.add(next);
    if (entry.isIndexed) index.remove(entry.compiled);
    entry.compiled = next;
    entry.isIndexed = isWanted;
  }

  /** Nobody has listened before. */
  function countAbsenceFrom(entry: Entry, atMs: number): void {
    if (entry.compiled.rule.condition.kind !== 'ABSENCE' || !entry.isIndexed) return;
    for (const series of entry.series.values()) {
      if (series.state.phase !== 'NORMAL' || series.state.activeSinceMs === null) continue;
      series.state = { ...series.state, activeSinceMs: atMs };
      const context: EvaluationContext = { nowMs: clockMs, suppression: () => null, seenAtMs: seenAtMs(series, clockMs) };
      deadlines.put(series, nextDeadline(entry.compiled, series.state, context));
    }
  }

  /** What a rule waits for besides its series. */
  function begin(entry: Entry, nowMs: number): (RuleOutcome | null)[] {
    const { rule, active } = entry.compiled;
    deadlines.put(entry, active && entry.isIndexed ? active.nextChange(nowMs) : Number.POSITIVE_INFINITY);
    const { condition } = rule;
    if (condition.kind !== 'ABSENCE' || !entry.isIndexed) return [];
    const { subject } = condition.source;
    const watched = subject === null ? [...(seen.get(metricKey(condition.source))?.keys() ?? [])] : [subject];
    return watched.map((one) => evaluate(entry, { [rule.groupBy[0]!]: one }, { kind: 'TIME' }, nowMs, null));
  }

  function windowChanged(entry: Entry, nowMs: number): void {
    const { compiled } = entry;
    if (!compiled.active || !entry.isIndexed) return;
    if (compiled.level && compiled.active.isOpen(nowMs)) index.numbers.refresh(compiled, null);
    deadlines.put(entry, Math.max(compiled.active.nextChange(nowMs), nowMs + 1));
  }

  /** A clock that has gone back takes the moments of all series with it; deadlines by the old one would come too late. */
  function noticeClock(nowMs: number, outcomes: (RuleOutcome | null)[]): void {
    if (nowMs < clockMs - overtakingMs) {
      for (const subjects of seen.values()) for (const [subject, atMs] of subjects) if (atMs > nowMs) subjects.set(subject, nowMs);
      for (const entry of entries.values()) {
        windowChanged(entry, nowMs);
        for (const series of entry.series.values()) {
          const before = series.state;
          series.state = withClock(before, clockMs);
          outcomes.push(step(series, { kind: 'TIME' }, nowMs, null, [], before));
        }
      }
      clockMs = nowMs;
    }
    clockMs = Math.max(clockMs, nowMs);
  }

  /** A series of a rule that has been edited. */
  function edited(series: Series, reset: Reset, nowMs: number): RuleOutcome | null {
    const { entry, state: before } = series;
    const isEmptied = reset === 'ALL' || !entry.isIndexed;
    for (const digest of isEmptied ? before.members : []) hold(digest, entry, false);
    const { state, transitions } = applyReset(before, reset, nowMs);
    series.state = isEmptied && state.members.length > 0 ? { ...state, members: [] } : state;
    return step(series, { kind: 'TIME' }, nowMs, null, transitions, before);
  }

  const present = (outcomes: readonly (RuleOutcome | null)[]) => outcomes.filter((outcome) => outcome !== null);
  const seriesOf = (ruleId: string | null) =>
    [...(ruleId === null ? entries.values() : [entries.get(ruleId)])].flatMap((entry) => (entry ? [...entry.series.values()] : []));

  return {
    put(rule, nowMs) {
      const known = entries.get(rule.id);
      if (known && known.compiled.rule.revision >= rule.revision) return [];
      const outcomes: (RuleOutcome | null)[] = [];
      noticeClock(nowMs, outcomes);
      const compiled = compileRule(rule);
      const entry: Entry = known ?? { compiled, isIndexed: false, series: new Map() };
      const reset = known ? resetBy(known.compiled.rule, rule) : 'NOTHING';
      entries.set(rule.id, entry);
      replace(entry, compiled, rule.enabled && rule.deletedAtMs === null && (rule.expiresAtMs === null || rule.expiresAtMs > nowMs));
      for (const series of entry.series.values()) outcomes.push(edited(series, reset, nowMs));
      outcomes.push(...begin(entry, nowMs));
      if (rule.deletedAtMs !== null && entry.series.size === 0) entries.delete(rule.id);
      return present(outcomes);
    },

    accept(event, nowMs) {
      const outcomes: (RuleOutcome | null)[] = [];
      noticeClock(nowMs, outcomes);
      if (event.kind === 'METRIC') acceptMetric(event.sample, event, nowMs, outcomes);
      else if (event.kind === 'OPPORTUNITY') acceptOpportunity(event, nowMs, outcomes);
      else {
        const { id, atMs, subject } = event;
        index.results(subject, (compiled, isMatch) => {
          if (!mayRead(compiled.rule, subject.filterId)) return;
          const group = groupOf(compiled.rule.groupBy, subject);
          outcomes.push(evaluate(entryOf(compiled), group, { kind: 'RESULT', id, atMs, isMatch }, nowMs, event));
        });
      }
      return present(outcomes);
    },

    due(nowMs) {
      const outcomes: (RuleOutcome | null)[] = [];
      noticeClock(nowMs, outcomes);
      for (let next = deadlines.take(nowMs); next !== undefined; next = deadlines.take(nowMs)) {
        if ('key' in next) outcomes.push(step(next, { kind: 'TIME' }, nowMs, null, []));
        else windowChanged(next, nowMs);
      }
      return present(outcomes);
    },

    nextDeadlineMs: deadlines.next,

    reconsider(ruleId, nowMs) {
      const waiting = seriesOf(ruleId).filter(({ state }) => untold(state) !== null);
      return present(waiting.map((series) => step(series, { kind: 'TIME' }, nowMs, null, [])));
    },

    resolve(ruleId, seriesKey, nowMs) {
      const series = entries.get(ruleId)?.series.get(seriesKey);
      if (!series) return [];
      const before = series.state;
      const { state, transitions } = resolveByHand(series.entry.compiled, before, nowMs);
      series.state = state;
      return present([step(series, { kind: 'TIME' }, nowMs, null, transitions, before)]);
    },

    seed(ruleId, there, nowMs) {
      const entry = entries.get(ruleId);
      const condition = entry?.compiled.rule.condition;
      if (!entry || condition?.kind !== 'ENTER_EXIT') return [];
      const inside = there.filter(
        (subject) => (condition.filterId === null || condition.filterId === subject.filterId) && entry.compiled.screen!.matches(subject),
      );
      const outcomes = inside.map((subject) => {
        const member = digestOf(opportunityKey(subject));
        hold(member, entry, true);
        const input: RuleInput = { kind: 'MEMBER', id: member, atMs: nowMs, member, isIn: true, isKnown: true };
        return evaluate(entry, groupOf(entry.compiled.rule.groupBy, subject), input, nowMs, null);
      });
      return present(outcomes);
    },

    restore(states, savedSeries, nowMs, revisionOf = () => null, absenceFromMs = nowMs) {
      index.numbers.restore(savedSeries);
      clockMs = nowMs;
      const outcomes: (RuleOutcome | null)[] = [];
      for (const { ruleId, seriesKey, group, state } of states) {
        const entry = entries.get(ruleId);
        // Of a later version of this program, which nobody here can read.
        if (!entry || state.version !== 1) continue;
        const { rule, level } = entry.compiled;
        const isAtRest = rule.condition.kind === 'ABSENCE' && state.phase === 'NORMAL';
        const series: Series = { entry, key: seriesKey, group, state: isAtRest ? { ...state, activeSinceMs: null } : state };
        const begun = entry.series.get(seriesKey);
        if (begun) deadlines.put(begun, Number.POSITIVE_INFINITY);
        entry.series.set(seriesKey, series);
        for (const digest of state.members) hold(digest, entry, true);
        if (level && entry.isIndexed && state.phase !== 'NORMAL') index.numbers.refresh(entry.compiled, Object.values(group)[0] ?? null);
        const stored = state.ruleRevision === rule.revision ? rule : revisionOf(ruleId, state.ruleRevision);
        outcomes.push(edited(series, stored ? resetBy(stored, rule) : 'ALL', nowMs));
      }
      if (absenceFromMs > nowMs) for (const entry of entries.values()) countAbsenceFrom(entry, absenceFromMs);
      return present(outcomes);
    },

    saveSeries: index.numbers.save,
  };
}

function metricKey({ of, metric }: { readonly of: string; readonly metric: string }): string {
  return `${of}\n${metric}`;
}

/** Series of numbers have one group value. */
function subjectOf(group: GroupValues): string {
  return Object.values(group)[0] ?? '';
}
