import { opportunityKey } from '../opportunities/opportunity.ts';
import type { AlertEvent } from './alert-event.ts';
import type { AlertRule, AlertRuleContent, GroupValues } from './alert-rule.ts';
import { type CompiledRule, compileRule } from './compiled-rule.ts';
import { createDeadlineQueue } from './deadline-queue.ts';
import { type Suppression, untold } from './decide-notification.ts';
import { digestOf } from './digest-of.ts';
import { createEventTaker } from './event-taker.ts';
import { groupOf } from './group-of.ts';
import type { SavedSeries } from './number-index.ts';
import { applyReset, type Reset, resetBy, resolveByHand } from './reset-by.ts';
import { createRuleIndex } from './rule-index.ts';
import type { RuleInput } from './rule-input.ts';
import type { RuleOutcome, SavedRuleState } from './rule-outcome.ts';
import type { RuleEntry, RuleSeries } from './rule-series.ts';
import { type RuleState, withClock } from './rule-state.ts';
import { createScreenHolders } from './screen-holders.ts';
import type { ScreenSubject } from './screen-index.ts';
import { createSeriesStepper } from './series-stepper.ts';
import { createSignsOfLife } from './signs-of-life.ts';

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

export function createAlertEngine({ suppressionOf, mayRead = () => true, overtakingMs = 0 }: AlertEngineDeps): AlertEngine {
  const entries = new Map<string, RuleEntry>();
  const index = createRuleIndex();
  const deadlines = createDeadlineQueue<RuleSeries | RuleEntry>();
  const holders = createScreenHolders<RuleEntry>();
  const signs = createSignsOfLife<RuleEntry>();
  const onOver = ({ compiled }: RuleEntry) => void entries.delete(compiled.rule.id);
  const stepper = createSeriesStepper({ suppressionOf, overtakingMs, signs, deadlines, onOver });
  const entryOf = (compiled: CompiledRule) => entries.get(compiled.rule.id)!;
  const take = createEventTaker({ index, entryOf, stepper, signs, holders, mayRead });
  let clockMs = Number.NEGATIVE_INFINITY;

  /** Adds before it removes: what both read goes on. */
  function replace(entry: RuleEntry, next: CompiledRule, isWanted: boolean): void {
    if (isWanted) index.add(next);
    if (entry.isIndexed) index.remove(entry.compiled);
    entry.compiled = next;
    entry.isIndexed = isWanted;
  }

  /** What a rule waits for besides its series. */
  function begin(entry: RuleEntry, nowMs: number): RuleOutcome[] {
    const { rule, active } = entry.compiled;
    deadlines.put(entry, active && entry.isIndexed ? active.nextChange(nowMs) : Number.POSITIVE_INFINITY);
    const { condition } = rule;
    if (condition.kind !== 'ABSENCE' || !entry.isIndexed) return [];
    const { subject } = condition.source;
    const watched = subject === null ? signs.subjects(condition.source) : [subject];
    return present(watched.map((one) => stepper.evaluate(entry, { [rule.groupBy[0]!]: one }, { kind: 'TIME' }, nowMs, null)));
  }

  function windowChanged(entry: RuleEntry, nowMs: number): void {
    const { compiled } = entry;
    if (!compiled.active || !entry.isIndexed) return;
    if (compiled.level && compiled.active.isOpen(nowMs)) index.numbers.refresh(compiled, null);
    deadlines.put(entry, Math.max(compiled.active.nextChange(nowMs), nowMs + 1));
  }

  /** A clock that has gone back takes the moments of all series with it; deadlines by the old one would come too late. */
  function noticeClock(nowMs: number, outcomes: RuleOutcome[]): void {
    if (nowMs < clockMs - overtakingMs) {
      signs.setBack(nowMs);
      for (const entry of entries.values()) {
        windowChanged(entry, nowMs);
        for (const series of entry.series.values()) {
          const before = series.state;
          series.state = withClock(before, clockMs);
          add(outcomes, stepper.step(series, { kind: 'TIME' }, nowMs, null, [], before));
        }
      }
      clockMs = nowMs;
    }
    clockMs = Math.max(clockMs, nowMs);
  }

  /** A series of a rule that has been edited. */
  function edited(series: RuleSeries, reset: Reset, nowMs: number): RuleOutcome | null {
    const { entry, state: before } = series;
    const isEmptied = reset === 'ALL' || !entry.isIndexed;
    for (const digest of isEmptied ? before.members : []) holders.hold(digest, entry, false);
    const { state, transitions } = applyReset(before, reset, nowMs);
    series.state = isEmptied && state.members.length > 0 ? { ...state, members: [] } : state;
    return stepper.step(series, { kind: 'TIME' }, nowMs, null, transitions, before);
  }

  function restoreOne({ ruleId, seriesKey, group, state }: SavedRuleState): RuleSeries | null {
    const entry = entries.get(ruleId);
    // Of a later version of this program, which nobody here can read.
    if (!entry || state.version !== 1) return null;
    const { rule, level } = entry.compiled;
    const isAtRest = rule.condition.kind === 'ABSENCE' && state.phase === 'NORMAL';
    const series: RuleSeries = { entry, key: seriesKey, group, state: isAtRest ? { ...state, activeSinceMs: null } : state };
    const begun = entry.series.get(seriesKey);
    if (begun) deadlines.put(begun, Number.POSITIVE_INFINITY);
    entry.series.set(seriesKey, series);
    for (const digest of state.members) holders.hold(digest, entry, true);
    if (level && entry.isIndexed && state.phase !== 'NORMAL') index.numbers.refresh(entry.compiled, Object.values(group)[0] ?? null);
    return series;
  }

  const seriesOf = (ruleId: string | null) =>
    [...(ruleId === null ? entries.values() : [entries.get(ruleId)])].flatMap((entry) => (entry ? [...entry.series.values()] : []));

  return {
    put(rule, nowMs) {
      const known = entries.get(rule.id);
      if (known && known.compiled.rule.revision >= rule.revision) return [];
      const outcomes: RuleOutcome[] = [];
      noticeClock(nowMs, outcomes);
      const compiled = compileRule(rule);
      const entry: RuleEntry = known ?? { compiled, isIndexed: false, series: new Map() };
      const reset = known ? resetBy(known.compiled.rule, rule) : 'NOTHING';
      entries.set(rule.id, entry);
      replace(entry, compiled, rule.enabled && rule.deletedAtMs === null && (rule.expiresAtMs === null || rule.expiresAtMs > nowMs));
      for (const series of entry.series.values()) add(outcomes, edited(series, reset, nowMs));
      outcomes.push(...begin(entry, nowMs));
      if (rule.deletedAtMs !== null && entry.series.size === 0) entries.delete(rule.id);
      return outcomes;
    },

    accept(event, nowMs) {
      const outcomes: RuleOutcome[] = [];
      noticeClock(nowMs, outcomes);
      take(event, nowMs, outcomes);
      return outcomes;
    },

    due(nowMs) {
      const outcomes: RuleOutcome[] = [];
      noticeClock(nowMs, outcomes);
      for (let next = deadlines.take(nowMs); next !== undefined; next = deadlines.take(nowMs)) {
        if (!('key' in next)) windowChanged(next, nowMs);
        else if (!stepper.putOff(next, nowMs)) add(outcomes, stepper.step(next, { kind: 'TIME' }, nowMs, null));
      }
      return outcomes;
    },

    nextDeadlineMs: deadlines.next,

    reconsider(ruleId, nowMs) {
      const waiting = seriesOf(ruleId).filter(({ state }) => untold(state) !== null);
      return present(waiting.map((series) => stepper.step(series, { kind: 'TIME' }, nowMs, null)));
    },

    resolve(ruleId, seriesKey, nowMs) {
      const series = entries.get(ruleId)?.series.get(seriesKey);
      if (!series) return [];
      const before = series.state;
      const { state, transitions } = resolveByHand(series.entry.compiled, before, nowMs);
      series.state = state;
      return present([stepper.step(series, { kind: 'TIME' }, nowMs, null, transitions, before)]);
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
        holders.hold(member, entry, true);
        const input: RuleInput = { kind: 'MEMBER', id: member, atMs: nowMs, member, isIn: true, isKnown: true };
        return stepper.evaluate(entry, groupOf(entry.compiled.rule.groupBy, subject), input, nowMs, null);
      });
      return present(outcomes);
    },

    restore(states, savedSeries, nowMs, revisionOf = () => null, absenceFromMs = nowMs) {
      index.numbers.restore(savedSeries);
      clockMs = nowMs;
      const outcomes: RuleOutcome[] = [];
      for (const saved of states) {
        const series = restoreOne(saved);
        if (!series) continue;
        const { rule } = series.entry.compiled;
        const { ruleRevision } = saved.state;
        const stored = ruleRevision === rule.revision ? rule : revisionOf(rule.id, ruleRevision);
        add(outcomes, edited(series, stored ? resetBy(stored, rule) : 'ALL', nowMs));
      }
      if (absenceFromMs > nowMs) {
        for (const { compiled, isIndexed, series } of entries.values()) {
          if (compiled.rule.condition.kind !== 'ABSENCE' || !isIndexed) continue;
          for (const one of series.values()) stepper.countAbsenceFrom(one, absenceFromMs, nowMs);
        }
      }
      return outcomes;
    },

    saveSeries: index.numbers.save,
  };
}

function present(outcomes: readonly (RuleOutcome | null)[]): RuleOutcome[] {
  return outcomes.filter((outcome) => outcome !== null);
}

function add(outcomes: RuleOutcome[], outcome: RuleOutcome | null): void {
  if (outcome !== null) outcomes.push(outcome);
}
