import type { AlertEvent } from './alert-event.ts';
import type { CompiledRule } from './compiled-rule.ts';
import { createNumberIndex, type NumberIndex } from './number-index.ts';
import type { Screen } from './rule-condition.ts';
import { createScreenIndex, type ScreenSubject } from './screen-index.ts';
import type { SeriesSource } from './series-source.ts';

/** Which rules an event can concern, without trying each. */
export interface RuleIndex {
  readonly numbers: NumberIndex;
  add(rule: CompiledRule): void;
  remove(rule: CompiledRule): void;
  /** The rules of matches that the result passes, and those that count all results of their screen. */
  results(subject: ScreenSubject, visit: (rule: CompiledRule, isMatch: boolean) => void): void;
  /** The rules of entering and leaving whose screen the opportunity is in. */
  screens(subject: ScreenSubject, visit: (rule: CompiledRule) => void): void;
  /** The rules of absence that watch the series. */
  absences(sample: Extract<AlertEvent, { kind: 'METRIC' }>['sample'], visit: (rule: CompiledRule) => void): void;
}

export function createRuleIndex(): RuleIndex {
  const numbers = createNumberIndex();
  const matches = createScreenIndex<CompiledRule>();
  const counted = createScreenIndex<CompiledRule>();
  const screens = createScreenIndex<CompiledRule>();
  /** By kind and metric, then by subject, null for each of them. */
  const absences = new Map<string, Map<string | null, Set<CompiledRule>>>();

  function place(compiled: CompiledRule, how: 'add' | 'remove'): void {
    const { condition, occurrences } = compiled.rule;
    if (condition.kind === 'MATCH') (occurrences ? counted : matches)[how](condition, compiled);
    else if (condition.kind === 'ENTER_EXIT') screens[how](condition, compiled);
    else if (condition.kind === 'ABSENCE') placeAbsence(condition.source, compiled, how);
    else numbers[how](compiled);
  }

  function placeAbsence({ of, metric, subject }: SeriesSource, compiled: CompiledRule, how: 'add' | 'remove'): void {
    const bySubject = absences.get(metricKey(of, metric)) ?? new Map<string | null, Set<CompiledRule>>();
    const rules = bySubject.get(subject) ?? new Set();
    if (how === 'add') absences.set(metricKey(of, metric), bySubject.set(subject, rules.add(compiled)));
    else if (rules.delete(compiled) && rules.size === 0) bySubject.delete(subject);
    if (bySubject.size === 0) absences.delete(metricKey(of, metric));
  }

  return {
    numbers,
    add: (rule) => place(rule, 'add'),
    remove: (rule) => place(rule, 'remove'),
    results(subject, visit) {
      matches.candidates(subject, (rule) => {
        if (rule.screen!.matches(subject)) visit(rule, true);
      });
      counted.concerned(subject, (rule) => {
        if (passesSets(rule, subject)) visit(rule, rule.screen!.matches(subject));
      });
    },
    screens(subject, visit) {
      screens.candidates(subject, (rule) => {
        if (rule.screen!.matches(subject)) visit(rule);
      });
    },
    absences({ of, metric, subject }, visit) {
      const bySubject = absences.get(metricKey(of, metric));
      for (const rule of bySubject?.get(subject) ?? []) visit(rule);
      for (const rule of bySubject?.get(null) ?? []) visit(rule);
    },
  };
}

function metricKey(of: string, metric: string): string {
  return `${of}\n${metric}`;
}

/** N in M counts the results a rule is about by name; of these the metrics decide. */
function passesSets({ rule }: CompiledRule, { symbol, strategy }: ScreenSubject): boolean {
  const { symbols, strategies } = (rule.condition as Screen).criteria;
  const passes = <T>(set: { readonly in?: readonly T[]; readonly notIn?: readonly T[] } | undefined, value: T) =>
    set === undefined || ((set.in === undefined || set.in.includes(value)) && !set.notIn?.includes(value));
  return passes(symbols, symbol) && passes(strategies, strategy);
}
