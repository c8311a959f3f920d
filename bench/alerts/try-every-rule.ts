import type { AlertEvent } from '../../dist/domain/alerts/alert-event.js';
import { type AlertRule, type GroupValues, seriesKeyOf } from '../../dist/domain/alerts/alert-rule.js';
import { type CompiledRule, compileRule } from '../../dist/domain/alerts/compiled-rule.js';
import { evaluateRule } from '../../dist/domain/alerts/evaluate-rule.js';
import { groupOf } from '../../dist/domain/alerts/group-of.js';
import type { RuleInput } from '../../dist/domain/alerts/rule-input.js';
import { initialRuleState, type RuleState } from '../../dist/domain/alerts/rule-state.js';
import { createSeriesWindow, type SeriesWindow } from '../../dist/domain/alerts/series-window.js';
import { START_MS, type TimedEvent } from './alert-events.ts';

interface Series {
  state: RuleState;
  readonly window: SeriesWindow | null;
  seenAtMs: number | null;
}

/**
 * What the engine must find, without any index: each rule is tried on each event and after each step of time. It is the obvious way to evaluate rules, too, and as such
 * what the engine is held against.
 *
 * @returns transitions as `runEngine` tells them
 */
export function tryEveryRule(rules: readonly AlertRule[], events: readonly TimedEvent[]): string[] {
  return rules.flatMap((rule) => tryRule(compileRule(rule), events)).toSorted();
}

function tryRule(compiled: CompiledRule, events: readonly TimedEvent[]): string[] {
  const { rule } = compiled;
  const { condition, groupBy } = rule;
  const all = new Map<string, Series>();
  const told: string[] = [];

  function seriesOf(group: GroupValues, nowMs: number): [string, Series] {
    const key = seriesKeyOf(groupBy, group);
    const window = compiled.transform ? createSeriesWindow(compiled.transform) : null;
    const series = all.get(key) ?? { state: initialRuleState(nowMs), window, seenAtMs: null };
    all.set(key, series);
    return [key, series];
  }
  function step(key: string, series: Series, input: RuleInput, nowMs: number): void {
    const { state, transitions } = evaluateRule(compiled, series.state, input, {
      nowMs,
      suppression: () => null,
      seenAtMs: series.seenAtMs,
    });
    series.state = state;
    if (input.kind === 'PRESENCE') series.seenAtMs = nowMs;
    for (const { from, to, atMs } of transitions) told.push(`${rule.id} ${key} ${from}>${to}@${atMs}`);
  }

  if (condition.kind === 'ABSENCE' && condition.source.subject !== null) {
    const [key, series] = seriesOf({ symbol: condition.source.subject }, START_MS);
    step(key, series, { kind: 'TIME' }, START_MS);
  }
  let knownMs = START_MS;
  for (const { event, atMs } of events) {
    // Time changes nothing for a series at rest, unless it is watched for absence.
    if (atMs > knownMs) {
      for (const [key, series] of all) {
        if (series.state.phase !== 'NORMAL' || condition.kind === 'ABSENCE') step(key, series, { kind: 'TIME' }, atMs);
      }
    }
    knownMs = atMs;
    const group = concerned(compiled, event);
    if (group === null) continue;
    const [key, series] = seriesOf(group, atMs);
    const input = inputOf(compiled, series, event);
    if (input !== null) step(key, series, input, atMs);
  }
  return told;
}

/** The series that an event is about; null: none of this rule. */
function concerned({ rule: { condition, groupBy } }: CompiledRule, event: AlertEvent): GroupValues | null {
  if (event.kind === 'METRIC') {
    const { of, metric, subject } = event.sample;
    if (!('source' in condition) || condition.source.of !== of || condition.source.metric !== metric) return null;
    return (condition.source.subject ?? subject) === subject ? { symbol: subject } : null;
  }
  const wanted = event.kind === 'RESULT' ? 'MATCH' : 'ENTER_EXIT';
  return condition.kind === wanted ? groupOf(groupBy, event.subject) : null;
}

function inputOf({ rule: { condition }, screen }: CompiledRule, { window }: Series, event: AlertEvent): RuleInput | null {
  if (event.kind === 'METRIC') {
    const { id, atMs, value } = event.sample;
    if (condition.kind === 'ABSENCE') return { kind: 'PRESENCE', id, atMs };
    const derived = window!.add(value!, atMs);
    return { kind: 'NUMBER', id, atMs, value: Number.isNaN(derived) ? null : derived };
  }
  const { id, atMs, subject } = event;
  const isMatch = screen!.matches({ ...subject, metrics: subject.metrics! });
  if (event.kind === 'RESULT') return isMatch ? { kind: 'RESULT', id, atMs, isMatch } : null;
  const member = `${subject.filterId} ${subject.legsKey}`;
  return { kind: 'MEMBER', id, atMs, member, isIn: isMatch && event.change !== 'LEFT', isKnown: false };
}
